# What /terms, /privacy and, without a chat of the staff, /paysupport say
terms-text = Foydalanish shartlari

    Bu nima. Mentorium yordamchisi ota-onalarga farzandlari Mentorium platformasida qanday oʻqiyotganini aytib beradi: hisobotlar va savollarga javoblar. U platformada yozilganini koʻrsatadi, baho qoʻymaydi va qaror qabul qilmaydi.

    Kim foydalana oladi. Platforma farzand natijalarini koʻrishga ruxsat bergan ota-ona yoki boshqa yaqin kishi, yoxud ular taklif qilgan odam. Platforma bu huquqni qaytarib olsa, farzand bu yerda ham darhol yashiriladi.

    Sunʼiy intellekt. Javoblarni biz bergan raqamlar asosida til modeli yozadi. U xato qilishi mumkin: biror narsa notoʻgʻri tuyulsa, hisobotga (/report) va platformaga ishoning hamda bizga yozing.

    Tariflar:
    { $tariffs }
    Bitta obuna toʻlovchining { $children } tagacha farzandini qamrab oladi. Obunasiz sozlamalar, maʼlumotlaringiz va qisqa hisobot qoladi.

    Toʻlov. Toʻlashdan oldin summa va muddatni koʻrasiz. Obuna faqat oʻzingiz tanlagan boʻlsangiz oʻzi uzayadi; uzaytirishni istalgan payt oʻchirish mumkin: /subscription. Toʻlaganingiz muddati tugaguncha ochiq qoladi. Toʻlovda biror narsa notoʻgʻri boʻlsa yoki pulingizni qaytarib olmoqchi boʻlsangiz: /paysupport

    Maʼlumotlaringiz. /erase bu yerdagi maʼlumotlaringizni istalgan payt oʻchiradi, toʻlangan kunlar ham ular bilan birga yoʻqoladi.

    Iltimos, xizmat ishiga xalaqit bermang va boshqalarning maʼlumotlarini koʻrishga urinmang.

    Savol va shikoyatlar: { $contact }
privacy-text = Maʼlumotlaringiz bilan qanday ishlaymiz

    Nimani saqlayman: Telegram raqamli identifikatoringiz, til, Mentorium kabinetingiz bilan bogʻlanish (hamda kirishda ishlatgan telefon raqamingiz yoki pochta manzilingiz), qaysi farzandlar bogʻlangani, savollaringiz va javoblarim, hisobotlar, obuna va toʻlovlar, roziligingiz va uning vaqti hamda amallarning texnik yozuvlari.

    Nima uchun: faqat farzandlaringiz qanday oʻqiyotganini koʻrsatish, sizga javob berish va xizmat ishini taʼminlash uchun.

    Qancha vaqt: savollar, javoblar va bildirishnomalar matni 90 kun, hisobotlar va amallar jurnali 400 kun, qolgani men bilan boʻlgan vaqtingizda saqlanadi.

    Farzandlaringiz natijalari Mentorium platformasida qoladi. Men ularni faqat oʻqiyman va faqat platforma sizga ruxsat berib turgan paytda: bu har safar tekshiriladi. Oʻqituvchining soʻzlari haqida soʻrasangiz, ular savolingiz bilan birga til modeliga boradi, oilangiz ismlari almashtiriladi.

    Yana kim nimani koʻradi. Javoblarni OpenAI xizmati yozadi. U savolingiz va raqamlarni oladi, lekin ismlar, telefonlar, pochta manzillari va Telegram identifikatorlarini olmaydi: ular yuborishdan oldin almashtiriladi. Ovoz bilan oʻqilishini soʻragan hisobotingizni boshqa xizmat oʻqishi mumkin: u aytiladigan matnni oladi, ism oʻrniga esa «farzandingiz» deyiladi. Ovozli xabarlaringiz, bunga rozilik bergan boʻlsangiz, nutqni matnga aylantiradigan xizmatga boricha yuboriladi, ovoz yozuvi esa saqlanmaydi. Xabarlar Telegram orqali oʻtadi. Buyurtmani Payme, Click yoki Telegram orqali toʻlasangiz, u buyurtma raqamini va summani oladi, farzand haqida esa hech narsa olmaydi. Obunani uzaytiradigan karta uni toʻgʻridan-toʻgʻri Paymeʼga yuboradigan sahifada kiritiladi; Payme uni taniydigan belgini uzaytirishni oʻchirguningizcha (/subscription), oxirgi toʻrt raqami va roziligingizni esa tasdiq sifatida men bilan boʻlgan vaqtingizda saqlayman. /paysupport orqali yozganingiz Telegram identifikatoringiz bilan jamoamizning Telegramdagi chatiga boradi. Umidsizlik yoki xavf haqida yozsangiz, jamoamiz u yerda identifikatoringizni biladi, soʻzlaringizni emas. Hech narsa sotilmaydi, reklama yoʻq.

    Siz taklif qilgan yaqin kishi farzandlarni koʻradi, lekin suhbatingizni va toʻlovlaringizni koʻrmaydi.

    Huquqlaringiz: /export siz haqingizda saqlanadigan hammasini beradi, /erase uni darhol oʻchiradi. Qonunga koʻra toʻlovlar yozuvi saqlanadi, lekin Telegram identifikatoringizsiz.

    Savol va shikoyatlar: { $contact }
paysupport-text = Toʻlov boʻyicha yordam

    Toʻlovda biror narsa notoʻgʻri boʻldimi yoki pulingizni qaytarmoqchimisiz? { $contact } manziliga yozing:

    • raqamingiz: { $id };
    • toʻlov kuni va summasi;
    • qanday toʻlaganingiz;
    • nima boʻlgani.

    Iltimos, karta raqamlari va SMSdagi kodlarni hech qachon yubormang: ular bizga kerak emas.

    Telegram yordam xizmati va @BotSupport bu botga toʻlovlar boʻyicha yordam bera olmaydi, biz yordam beramiz.

    Obunangiz qachongacha va nimalarni toʻlaganingiz: /subscription
