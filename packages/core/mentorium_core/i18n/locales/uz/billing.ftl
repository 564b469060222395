### Payments and subscription: what a parent reads about money.

payment-received = Rahmat! Toʻlov qabul qilindi: { $what }. Toʻliq hisobotlar va yordamchi javoblari { $until }gacha ochiq. Obuna haqida hammasi: /subscription
payment-not-made = Toʻlov yakunlanmadi, pul yechilmadi. Qayta urinib koʻrish yoki boshqa usulni tanlash mumkin.
payment-received-again = Rahmat! Toʻlov qabul qilindi: { $what }. Bu bir kun ichidagi birinchi toʻlovingiz emas, har biri hisobga olindi: hammasi { $until }gacha ochiq. Agar adashib ortiqcha toʻlagan boʻlsangiz, qaytaramiz: /paysupport
payment-not-made-in-time = Toʻlov oʻz vaqtida yakunlanmadi va yopildi, pul yechilmadi. Qaytadan boshlash yoki boshqa usulni tanlash mumkin.
payment-not-made-declined = Bank bu toʻlovni oʻtkazmadi, pul yechilmadi. Koʻpincha sababi kartadagi qoldiq yoki internet toʻlovlari limiti boʻladi. Boshqa karta yoki boshqa usulni sinab koʻring.
payment-not-made-stopped = Toʻlov toʻxtatildi, pul yechilmadi. Istagan paytingizda qaytadan boshlash yoki boshqa usulni tanlash mumkin.
payment-way-on-button = Toʻlov usulini tanlash
payment-refunded = Pul qaytarildi, u bilan toʻlangan kunlar tugadi. Qaytish uchun: /subscribe
payment-refunded-some-left = Pul qaytarildi. Qolgan toʻlovlaringiz { $until }gacha amal qiladi.
invoice-title-monthly = Mentorium, 1 oy
invoice-title-quarterly = Mentorium, 3 oy
invoice-title-annual = Mentorium, 1 yil
invoice-description = Farzandlaringiz haqida toʻliq hisobotlar va yordamchi javoblari.
subscription-renewal-ended-no-child = Obunaning avtomatik uzaytirilishi oʻchirildi, pul yechilmaydi: hozir Mentoriumʼdagi birorta farzandingiz sizga ochiq emas. Toʻlangan muddat { $until }gacha amal qiladi. Farzand yana ulangach, uzaytirishni qaytadan tanlash mumkin: /subscribe
