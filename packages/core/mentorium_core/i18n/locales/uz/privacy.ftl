# Exported data
export-title = Siz haqingizdagi maʼlumotlar
export-intro = Mentorium yordamchisi { $date } holatiga siz haqingizda saqlayotgan hamma narsa. Farzandning natijalari bu yerda emas: ular Mentorium platformasida saqlanadi.
export-table-parents = Hisob
export-table-guardian-links = Platformadagi hisob bilan bogʻlanish
export-table-learners = Farzandlar
export-table-consents = Roziliklar
export-table-used-link-codes = Ishlatilgan havolalar
export-table-email-codes = Kutilayotgan kod
export-table-invitations = Taklifnomalar
export-table-join-requests = Oilaga qoʻshilish soʻrovlari
export-table-subscriptions = Obunalar
export-table-subscription-grants = Toʻlovsiz berilgan obunalar
export-table-payments = Toʻlovlar
export-table-dialogs = Suhbatlar
export-table-notifications = Xabarlar
export-table-report-history = Hisobotlar
export-table-event-logs = Harakatlar jurnali
