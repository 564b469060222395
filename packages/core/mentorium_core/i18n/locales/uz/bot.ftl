# Registration
language-question = Assalomu alaykum! Qaysi tilda gaplashamiz?
    Здравствуйте! На каком языке будем общаться?
    Hello! Which language shall we speak?
language-changed = Yaxshi, endi oʻzbekcha gaplashamiz.
consent-text = Men Mentorium yordamchisiman: farzandingiz oʻqishda nimalar qilganini aytib beraman, hisobot tayyorlayman va savollaringizga javob beraman.

    Buning uchun quyidagilarni saqlayman: Telegramdagi raqamli IDʼingiz, til, platformadagi bogʻlanish (hamda kirishda ishlatgan telefon raqamingiz yoki pochta manzilingiz), savollaringiz va javoblar. Farzandingiz natijalari Mentorium platformasidan faqat oʻqiladi.

    Savollaringizga sunʼiy intellekt xizmati (OpenAI) javob tuzadi. Unga ismlar, telefonlar, pochta manzillari va Telegram identifikatorlari yuborilmaydi.

    Maʼlumotlar bilan shu tarzda ishlashimga rozimisiz? Javobingiz vaqti bilan yozib qoʻyiladi.
consent-yes = Ha, roziman
consent-no = Yoʻq, rozi emasman
consent-declined = Tushunarli. Siz haqingizda hech narsa saqlanmadi. Fikringiz oʻzgarsa, /start ni bosing, sizni kutaman.
consent-stands = Siz avvalroq rozilik bergansiz va u amalda. Uni qaytarib olish va siz haqingizda saqlangan hamma narsani oʻchirish uchun /erase ni bosing.
registration-who = Endi sizni platformadan topamiz. Uch yoʻl bor:

    1. Mentorium kabinetingizdagi elektron pochta manzilini shu yerga yozing: unga kod yuboraman.
    2. Pastdagi tugma bilan telefon raqamingizni ulashing. U platformada tasdiqlangan raqamingiz boʻlishi kerak.
    3. Mentorium shaxsiy kabinetida «Telegramni ulash» tugmasini bosing: havola sizni shu yerga qaytaradi.
registration-who-without-email = Endi sizni platformadan topamiz. Ikki yoʻl bor:

    1. Pastdagi tugma bilan telefon raqamingizni ulashing. U platformada tasdiqlangan raqamingiz boʻlishi kerak.
    2. Mentorium shaxsiy kabinetida «Telegramni ulash» tugmasini bosing: havola sizni shu yerga qaytaradi.
registration-waiting = Sizni taklif qilgan odamning javobini hali kutyapman; javob kelishi bilan shu yerga yozaman.

    Oʻzingiz ham kirishingiz mumkin: pastdagi tugma bilan telefon raqamingizni ulashing yoki Mentorium shaxsiy kabinetida «Telegramni ulash» tugmasini bosing.
registration-share-contact = 📱 Raqamimni ulashish
registration-linked = { $count ->
        [one] Tayyor! Farzandingiz endi shu yerda: { $names }.
       *[other] Tayyor! Farzandlaringiz endi shu yerda: { $names }.
    }
registration-linked-none = Sizni topdik, lekin platformada hozir koʻrish huquqingiz boʻlgan farzand yoʻq. Mentorium yordam xizmatiga yozing, keyin /start ni bosing.
welcome-back = Yana koʻrishganimizdan xursandman!
greeting-open = Xohlagan savolingizni yozing, masalan: «Oʻtgan hafta qanday oʻtdi?» Rasmli hisobot uchun /report ni bosing.
greeting-free = Istalgan payt bepul: xulosa va yutuq yozilgan qisqa hisobot (/report), bu yerdagi farzandlaringiz, sozlamalar va maʼlumotlaringiz. Obuna rasmli toʻliq hisobotlarni, oʻqituvchi izohlarini va istalgan savolga javoblarni ochadi: /subscribe
greeting-taste = Boshlanishiga bepul: savollarga javoblar – { $answers } ta, rasmli toʻliq hisobotlar – { $reports } ta. Savolingizni yozing, masalan: «Oʻtgan hafta qanday oʻtdi?», yoki /report ni bosing. Keyin ham qisqa hisobot bepul qoladi, qolganini obuna ochadi: /subscribe
children-none = Platformada hozir koʻrish huquqingiz boʻlgan farzand yoʻq. Mentorium kabinetidagi «Telegramni ulash» tugmasini bosing yoki yordam xizmatiga yozing.

# Proof that did not work
link-refused-malformed = Bu havola notoʻgʻri yoki buzilgan. Mentorium kabinetini oching va «Telegramni ulash» tugmasini yana bir marta bosing.
link-refused-expired = Bu havolaning muddati tugagan. Mentorium kabinetini oching va yangisini oling: «Telegramni ulash».
link-refused-used = Bu havoladan allaqachon foydalanilgan. Mentorium kabinetini oching va yangisini oling: «Telegramni ulash».
link-refused-unknown = Bu havola egasi platformada topilmadi. Mentorium kabinetiga qayta kirib, yangi havola oling yoki yordam xizmatiga yozing.
contact-refused-not-own = Bu boshqa odamning kontakti. Iltimos, pastdagi tugma bilan oʻz raqamingizni ulashing.
contact-refused-unknown = Bu raqam platformada tasdiqlangan raqamlar orasida topilmadi. Mentorium kabinetidagi «Telegramni ulash» tugmasidan foydalaning.
contact-refused-ambiguous = Bu raqam platformada bir nechta kishiga tegishli. Adashmaslik uchun Mentorium kabinetidagi «Telegramni ulash» tugmasidan foydalaning.

# The code by e-mail
email-code-on-its-way = Agar bu manzil roʻyxatdan oʻtgan boʻlsa, kod yoʻlda. Xatdagi olti raqamni shu yerga yozing: ular 10 daqiqa amal qiladi.

    Bir necha daqiqada xat kelmadimi? «Spam» jildiga qarang, manzilni tekshiring yoki telefon raqamingiz yoxud Mentorium kabinetidagi havola orqali kiring.
email-refused-malformed = Bu elektron pochta manziliga oʻxshamaydi. Iltimos, uni toʻliq yozing, masalan: name@example.com
email-refused-too-soon = Kod hozirgina soʻraldi. Yangisini { $seconds } soniyadan keyin olish mumkin.
email-refused-too-many = Hozircha urinishlar juda koʻp boʻldi. Iltimos, keyinroq urinib koʻring yoki telefon raqamingiz yoxud Mentorium kabinetidagi havola orqali kiring.
code-refused-malformed = Xatdagi kod aynan olti raqamdan iborat. Iltimos, uni yana bir marta yozing.
code-refused-wrong = Bu kod toʻgʻri kelmadi. Yana { $left } ta urinish qoldi.
code-refused-none = Hozir hech qanday kod kutilmayapti. Mentorium kabinetingizdagi elektron pochta manzilini yozing, kod yuboraman.
code-refused-burned = Notoʻgʻri urinishlar juda koʻp boʻldi, bu kod endi ishlamaydi. Yangisini olish uchun pochta manzilini yana bir marta yozing.
code-refused-expired = Bu kodning muddati tugagan. Yangisini olish uchun pochta manzilini yana bir marta yozing.

# Commands
command-start = Boshlash yoki yana bir farzandni bogʻlash
command-help = Nima qila olaman
command-report = Hafta yoki oy hisoboti
command-teacher = Oʻqituvchining soʻnggi izohi
command-subscribe = Obuna va tariflar
command-subscription = Obunam va toʻlovlarim
command-children = Farzandlarim va yana bir yaqin kishi
command-settings = Sozlamalar
command-language = Tilni almashtirish
command-new = Suhbatni yangidan boshlash
command-export = Barcha maʼlumotlarimni olish
command-erase = Maʼlumotlarimni oʻchirish
command-paysupport = Toʻlov boʻyicha yordam
command-terms = Foydalanish shartlari
command-privacy = Maʼlumotlaringiz bilan qanday ishlaymiz
help-text = Men Mentorium yordamchisiman. Farzandingiz oʻqishi haqida oddiy soʻzlar bilan yozing, masalan: «Bu hafta nima qildi?» yoki «Qaysi mavzu qiyin boʻlyapti?» Qisqa hisobot doim bepul; javoblar va toʻliq hisobotlar obuna bilan ochiladi.

    /report – hafta yoki oy hisoboti
    /teacher – oʻqituvchining soʻnggi izohi
    /subscribe – obuna va tariflar
    /subscription – obunam va toʻlovlarim
    /children – farzandlarim va yana bir yaqin kishi
    /settings – til va boshqa sozlamalar
    /new – suhbatni yangidan boshlash
    /start – boshlash yoki yana bir farzandni bogʻlash

    /export va /erase – maʼlumotlarimni olish yoki oʻchirish
    /paysupport, /terms, /privacy – toʻlov boʻyicha yordam, shartlar, maʼlumotlar
new-done = Xoʻp, oldingi suhbatni unutdim. Yangi savolingizni yozing.

# Reports
report-which-child = Qaysi farzandingiz haqida hisobot tayyorlay?
report-which-period = { $name }: qaysi davr uchun hisobot tayyorlay?
report-week = Oʻtgan hafta
report-month = Oʻtgan oy

# The teacher's words
teacher-title = ✍️ { $name }: oʻqituvchi izohi, { $day }
teacher-course = Kurs: { $course }
teacher-none = { $names }: oʻqituvchi hali izoh yozmagan. Yozishi bilan uni shu yerda oʻqiy olasiz.
teacher-limited = { $names }: oʻqituvchi izohlari obuna bilan ochiladi. Tarifni tanlang:

# Subscription
subscribe-offer = Obuna bilan toʻliq hisobotlar va yordamchi javoblari ochiladi. Tarifni tanlang:
subscribe-standing = Obunangiz { $until } kuni tugaydi. Uzaytirish uchun tariflar:
subscribe-in-grace = Toʻlangan kunlar { $until } kuni tugadi. Hammasi { $open_until }gacha ochiq turadi. Uzilishsiz davom etish uchun tarifni tanlang:
tariff-offer = { $tariff } – { $price }
tariff-offer-saving = { $tariff } – { $price } (−{ $discount }%)

# The mentor
dialog-limited = Savollarga javob obuna bilan ochiladi. Tarifni tanlang:
dialog-too-long = Xabar juda uzun. Iltimos, savolni { $limit } belgidan qisqaroq yozing.
dialog-rest = Bu uzun xabaringiz bilan birga keldi va men uni xabarning oxiri deb oldim. Agar bu alohida savol boʻlsa, iltimos, uni yana bir marta yuboring.
dialog-busy = Hali oldingi savollaringizga javob yozyapman. Iltimos, biroz kutib, keyin yozing.
dialog-stopped = Toʻxtatdim. Davom etish uchun savolingizni yozing.
dialog-unavailable = Kechirasiz, hozir javob tuza olmayapman: sunʼiy intellekt xizmati javob bermayapti. Iltimos, bir daqiqadan keyinroq yana yozing. Hisobot (/report) ishlayapti.
dialog-whole-answer = Javob uzun: bu faylda uning hammasi bor.
dialog-left-unanswered = Kechirasiz, oldingi savolingiz texnik sabab bilan javobsiz qoldi. Iltimos, uni yana bir marta yozing.

# The family
children-title = Bu yerdagi farzandlaringiz:
children-own = • { $name }
children-invited = • { $name } (taklif orqali)
children-explained = Farzandni bitta bosishda roʻyxatingizdan olib tashlash mumkin: natijalari shu zahoti sizdan yashiriladi, platformada esa hech narsa oʻzgarmaydi. Yana bir farzandni bogʻlash uchun Mentorium kabinetida «Telegramni ulash» tugmasini bosing.
guests-title = Siz taklif qilgan yaqinlaringiz:
guest-sees = • { $name } koʻradi: { $children }
guest-sees-nobody = • { $name } hozir hech narsani koʻrmaydi
expel-button = Ruxsatni qaytarib olish: { $name }
expel-done = Tayyor. { $name } endi taklifingiz boʻyicha hech bir farzandni koʻrmaydi.
lent-taken-back = Sizni taklif qilgan ota-ona bu yerda sizga bergan ruxsatini qaytarib oldi. Agar bu xato boʻlsa, iltimos, u bilan gaplashing. Hozir sizga ochiq: /children
subscription-lender-erased = Sizni taklif qilgan ota-ona bu yerdagi maʼlumotlarini oʻchirdi, sizga bergan ruxsati ham shu bilan tugadi. Davom etish uchun bolaning boshqa ota-onasidan taklif soʻrang yoki oʻz Mentorium kabinetingizda «Telegramni ulash» tugmasini bosing. Hozir sizga ochiq: /children
unlink-button = Roʻyxatdan olib tashlash: { $name }
unlink-done = Tayyor. { $name } endi bu yerda sizga koʻrsatilmaydi.
unlink-borrowers = Taklifingiz bilan { $name } natijalarini koʻrganlar ham endi koʻrmaydi, buni qaytarsangiz ham.
unlink-undo-button = Qaytarish
unlink-undone = { $name } yana sizga koʻrsatiladi.
account-added = Mentorium kabinetingizga yana bir Telegram akkaunti ulandi. U oʻsha farzandlarni koʻradi, lekin siz bilan suhbatimizni koʻrmaydi. Agar bu siz yoki oilangiz boʻlmasa, darhol { $contact } manziliga yozing.
invite-button = Yana bir yaqin kishini taklif qilish
invite-explained = Keyingi xabarni farzandlaringiz oʻqishini kuzatadigan yaqin kishiga yuboring. Havola bir marta va 24 soat davomida ishlaydi. U ochilganda, bu odamni kiritish-kiritmaslikni sizdan soʻrayman: siz «ha» demaguningizcha hech kim hech narsa koʻrmaydi. Men bilan suhbatlaringizni bir-biringiz koʻrmaysiz.
invite-forward = Farzandlarimiz Mentoriumda qanday oʻqiyotganini Telegramda kuzatishga taklif qilaman. Havolani oching va koʻrsatmalarga amal qiling: { $link }
invite-asked = Rahmat! Sizni taklif qilgan ota-onadan soʻradim. Javob boʻlishi bilan shu yerga yozaman.
invite-not-delivered = Sizni taklif qilgan ota-ona men bilan suhbatni yopib qoʻygan, undan soʻray olmayapman. Suhbatni ochib, /children buyrugʻi bilan sizni qayta taklif qilishini soʻrang.
invite-question = { $name } taklifingizni ochdi va shu farzandlaringiz qanday oʻqiyotganini koʻrishni soʻrayapti: { $children }. Bu odamni taniysizmi, kiritaymi? Ruxsatni istalgan paytda qaytarib olishingiz mumkin: /children
invite-yes = Ha, kiriting
invite-no = Yoʻq
invite-accepted = Tayyor. { $name } endi koʻradi: { $children }.
invite-accepted-none = Hozir { $name } koʻrishi mumkin boʻlgan farzand yoʻq, shuning uchun hech narsa oʻzgarmadi.
invite-declined = Xoʻp, { $name } hech narsani koʻrmaydi.
invite-welcome = Sizni taklif qilgan ota-ona rozi boʻldi. Endi sizga ochiq: { $children }.
invite-turned-down = Sizni taklif qilgan ota-ona rozi boʻlmadi, shuning uchun bu yerda koʻrsatadigan narsam yoʻq. Agar bu xato boʻlsa, iltimos, u bilan gaplashing.
invite-too-many = Yaqinda siz koʻp taklif yubordingiz. Iltimos, hali amalda boʻlgan takliflardan birini ishlating yoki ertaga urinib koʻring.
invite-refused-unknown = Bu taklif notoʻgʻri yoki buzilgan. Iltimos, yangisini soʻrang.
invite-refused-expired = Bu taklifning muddati tugagan. Iltimos, yangisini soʻrang.
invite-refused-used = Bu taklifdan allaqachon foydalanilgan. Iltimos, yangisini soʻrang.

# Settings and one's own data
settings-text = Sozlamalar

    Til: { $current }. Boshqasini pastdan tanlang.
    Hisobotlar: { $reports }
    Hisobotlar ohangi: { $tone }; ularning tili: { $report_language } (📘)

    /children – farzandlarim va yana bir yaqin kishi
    /subscribe – obuna va tariflar
    /subscription – obunam va toʻlovlarim
    /export – barcha maʼlumotlarimni olish
    /erase – maʼlumotlarimni oʻchirish
    /privacy – maʼlumotlaringiz bilan qanday ishlaymiz
export-caption = Siz haqingizda saqlaydigan hamma narsam. .html fayli oʻqish uchun, .json fayli dasturlar uchun.
export-due = Maʼlumotlar koʻp yigʻilgan. Ularni arxivga yigʻyapman va bir necha daqiqada shu yerga yuboraman.
export-under-way = Maʼlumotlaringiz allaqachon yigʻilmoqda. Bir necha daqiqada shu yerga keladi.
export-archive = Siz haqingizda saqlaydigan hamma narsam, { $number }-fayl, jami { $count } ta. Arxivlarni oching: .html oʻqish uchun, .json dasturlar uchun. Biror fayl kelmasa, /export ni qayta yuboring.
data-none = Siz haqingizda hech narsa saqlanmaydi.
erase-question = Maʼlumotlaringizni oʻchiraymi?

    Darhol va butunlay yoʻqoladi: farzandlaringiz roʻyxati (siz taklif qilganlarniki ham), savollaringiz va javoblarim, saqlangan hisobotlar, sozlamalar, roziligingiz hamda obuna boʻyicha kirish, toʻlangan kunlar bilan birga.

    Qonunga koʻra toʻlovlar yozuvi saqlanadi, lekin Telegram identifikatoringizsiz.

    Mentorium platformasining oʻzidagi maʼlumotlar oʻzgarmaydi. Avval maʼlumotlaringizni olishingiz mumkin: /export
erase-yes = Ha, hammasini oʻchiring
erase-no = Yoʻq, qolsin
erase-done = Tayyor: maʼlumotlaringiz oʻchirildi. Biz bilan boʻlganingiz uchun rahmat! Qaytmoqchi boʻlsangiz, /start ni bosing.
erase-kept = Xoʻp, hammasi avvalgidek qoladi.
erase-again = Oʻchirish haqidagi bu soʻrov endi amal qilmaydi, hech narsa oʻchirilmadi. Agar maʼlumotlaringizni oʻchirmoqchi boʻlsangiz, /erase ni yana bosing.

# What nobody else answers
fallback-command = Bunday buyruqni bilmayman. Nima qila olishim: /help
fallback-not-text = Men hozircha faqat matnni tushunaman. Savolingizni soʻz bilan yozing, iltimos.
fallback-edited = Tahrirlangan xabarni koʻrdim, lekin faqat yangi xabarlarga javob beraman. Savolni yangi xabar qilib yuboring, iltimos.
fallback-button = Bu tugma eskirgan. Kerakli buyruqni yana bir marta tanlang: /help
fallback-unreadable = Kechirasiz, buni oʻqiy olmadim. Iltimos, oddiy soʻzlar bilan yana bir marta yozing.
fallback-group = Assalomu alaykum! Men bolalar oʻqishi haqida gapiraman, shuning uchun faqat shaxsiy suhbatda javob beraman. Iltimos, menga bevosita yozing. Xayr!

# Har qanday ishlovchidan oldin
inbox-answer-in-doubt = Javobim ketayotgan paytda uzilish boʻldi. Agar u yuqorida koʻrinmasa, iltimos, xabaringizni yana bir bor yuboring yoki tugmani qayta bosing.
inbox-kept = Xabaringiz keldi. Hozir bizda nimadir ishlamayapti; hammasi joyiga tushishi bilan oʻzim javob beraman. Uni qayta yuborish shart emas.
inbox-too-fast = Siz men javob berib ulgurganimdan tezroq yozyapsiz. Hozirgina kelganlarini oʻqimadim: iltimos, yarim daqiqa kutib, yana bir marta yuboring.
inbox-checkout-not-now = Toʻlov boshlanmadi va pul yechilmadi: hozir bizda nimadir ishlamayapti. Iltimos, bir necha daqiqadan soʻng qayta urinib koʻring.
