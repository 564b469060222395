# Registration
language-question = Assalomu alaykum! Qaysi tilda gaplashamiz?
    Здравствуйте! На каком языке будем общаться?
    Hello! Which language shall we speak?
language-name-uz = Oʻzbekcha
language-name-ru = Русский
language-name-en = English
language-changed = Yaxshi, endi oʻzbekcha gaplashamiz.
consent-text = Men Mentorium yordamchisiman: farzandingiz oʻqishda nimalar qilganini aytib beraman, hisobot tayyorlayman va savollaringizga javob beraman.

    Buning uchun quyidagilarni saqlayman: Telegram raqamli identifikatoringiz, til, platformadagi bogʻlanish (ulashsangiz, telefon raqami ham), savollaringiz va javoblar. Farzandingiz natijalari Mentorium platformasidan faqat oʻqiladi.

    Savollaringizga sunʼiy intellekt xizmati (OpenAI) javob tuzadi. Unga ismlar, telefonlar, pochta manzillari va Telegram identifikatorlari yuborilmaydi.

    Maʼlumotlar bilan shu tarzda ishlashimga rozimisiz? Javobingiz vaqti bilan yozib qoʻyiladi.
consent-yes = Ha, roziman
consent-no = Yoʻq, rozi emasman
consent-declined = Tushunarli. Siz haqingizda hech narsa saqlanmadi. Fikringiz oʻzgarsa, /start ni bosing, sizni kutaman.
registration-who = Endi sizni platformadan topamiz. Ikki yoʻl bor:

    1. Pastdagi tugma bilan telefon raqamingizni ulashing. U platformada tasdiqlangan raqamingiz boʻlishi kerak.
    2. Mentorium shaxsiy kabinetida «Telegramni ulash» tugmasini bosing: havola sizni shu yerga qaytaradi.
registration-share-contact = 📱 Raqamimni ulashish
registration-linked = { $count ->
        [one] Tayyor! Farzandingiz bogʻlandi: { $names }.
       *[other] Tayyor! Farzandlaringiz bogʻlandi: { $names }.
    }

    Xohlagan savolingizni yozing, masalan: «Oʻtgan hafta qanday oʻtdi?» Rasmli hisobot uchun /report ni bosing.
registration-linked-none = Sizni topdik, lekin platformada hozir koʻrish huquqingiz boʻlgan farzand yoʻq. Mentorium yordam xizmatiga yozing, keyin /start ni bosing.
welcome-back = Yana koʻrishganimizdan xursandman! Farzandingiz oʻqishi haqida xohlagan savolingizni yozing yoki hisobot uchun /report ni bosing.
children-none = Platformada hozir koʻrish huquqingiz boʻlgan farzand yoʻq. Mentorium kabinetidagi «Telegramni ulash» tugmasini bosing yoki yordam xizmatiga yozing.

# Proof that did not work
link-refused-malformed = Bu havola notoʻgʻri yoki buzilgan. Mentorium kabinetini oching va «Telegramni ulash» tugmasini yana bir marta bosing.
link-refused-expired = Bu havolaning muddati tugagan. Mentorium kabinetini oching va yangisini oling: «Telegramni ulash».
link-refused-used = Bu havoladan allaqachon foydalanilgan. Mentorium kabinetini oching va yangisini oling: «Telegramni ulash».
link-refused-unknown = Bu havola egasi platformada topilmadi. Mentorium kabinetiga qayta kirib, yangi havola oling yoki yordam xizmatiga yozing.
contact-refused-not-own = Bu boshqa odamning kontakti. Iltimos, pastdagi tugma bilan oʻz raqamingizni ulashing.
contact-refused-unknown = Bu raqam platformada tasdiqlangan raqamlar orasida topilmadi. Mentorium kabinetidagi «Telegramni ulash» tugmasidan foydalaning.
contact-refused-ambiguous = Bu raqam platformada bir nechta kishiga tegishli. Adashmaslik uchun Mentorium kabinetidagi «Telegramni ulash» tugmasidan foydalaning.

# Commands
command-report = Hafta yoki oy hisoboti
command-subscribe = Obuna va tariflar
command-new = Suhbatni yangidan boshlash
command-language = Tilni almashtirish
command-help = Nima qila olaman
help-text = Men Mentorium yordamchisiman. Farzandingiz oʻqishi haqida oddiy soʻzlar bilan yozing, masalan: «Bu hafta nima qildi?» yoki «Qaysi mavzu qiyin boʻlyapti?»

    /report – hafta yoki oy hisoboti
    /subscribe – obuna va tariflar
    /new – suhbatni yangidan boshlash
    /language – tilni almashtirish
    /start – boshlash yoki yana bir farzandni bogʻlash
new-done = Xoʻp, oldingi suhbatni unutdim. Yangi savolingizni yozing.

# Reports
report-which-child = Qaysi farzandingiz haqida hisobot tayyorlay?
report-which-period = { $name }: qaysi davr uchun hisobot tayyorlay?
report-week = Oʻtgan hafta
report-month = Oʻtgan oy

# Subscription
subscribe-offer = Obuna bilan toʻliq hisobotlar va yordamchi javoblari ochiladi. Tarifni tanlang:
subscribe-standing = Obunangiz { $until } kuni tugaydi. Uzaytirish uchun tariflar:
subscribe-soon = Siz tanlagan tarif: { $tariff }. Toʻlov tez orada shu yerda ishga tushadi; hozircha Mentorium yordam xizmatiga yozing.
tariff-monthly = 1 oy – { $price }
tariff-quarterly = 3 oy – { $price } (−{ $discount }%)
tariff-annual = 1 yil – { $price } (−{ $discount }%)

# The mentor
dialog-limited = Savollarga javob obuna bilan ochiladi. Tarifni tanlang:
dialog-too-long = Xabar juda uzun. Iltimos, savolni { $limit } belgidan qisqaroq yozing.
dialog-busy = Hali oldingi savollaringizga javob yozyapman. Iltimos, biroz kutib, keyin yozing.
dialog-stopped = Toʻxtatdim. Davom etish uchun savolingizni yozing.
dialog-unavailable = Kechirasiz, hozir javob tuza olmayapman: sunʼiy intellekt xizmati javob bermayapti. Iltimos, bir daqiqadan keyinroq yana yozing. Hisobot (/report) ishlayapti.
dialog-left-unanswered = Kechirasiz, oldingi savolingiz texnik sabab bilan javobsiz qoldi. Iltimos, uni yana bir marta yozing.

# What nobody else answers
fallback-command = Bunday buyruqni bilmayman. Nima qila olishim: /help
fallback-not-text = Men hozircha faqat matnni tushunaman. Savolingizni soʻz bilan yozing, iltimos.
fallback-edited = Tahrirlangan xabarni koʻrdim, lekin faqat yangi xabarlarga javob beraman. Savolni yangi xabar qilib yuboring, iltimos.
fallback-button = Bu tugma eskirgan. Kerakli buyruqni yana bir marta tanlang: /help
