### Renewal by a saved card: the page on which it is given, and what the chat says of it.

card-page-title = Mentorium: karta orqali uzaytirish
card-page-heading = Karta orqali uzaytirish
card-page-plan = { $tariff } – { $price }
card-page-next-charge = Keyingi toʻlov: { $day }
card-page-safety = Karta raqami bu sahifadan toʻgʻridan-toʻgʻri Paymeʼga boradi. Mentorium uni koʻrmaydi va faqat oxirgi toʻrt raqamini saqlaydi.
card-page-number = Karta raqami
card-page-number-hint = Kartadagi 16 ta raqam
card-page-expiry = Amal qilish muddati
card-page-expiry-hint = Oy va yil: OO/YY
card-page-consent = Mentorium shu kartadan toʻlangan kunlar tugashiga bir kun qolganda oʻzi pul yechishiga roziman: { $tariff } uchun { $price }, men oʻchirmagunimcha har safar qaytadan. Uch kun oldin chatda summa va kun aytiladi. Istalgan payt oʻchira olaman: chatda /subscription.
card-page-continue = Davom etish
card-page-code = SMSdagi kod
card-page-code-hint = Payme uni { $phone } raqamiga yubordi
card-page-confirm = Kartani saqlash
card-page-resend = Kodni qayta yuborish
card-page-resend-in = Kodni { $seconds } soniyadan keyin qayta yuborish mumkin
card-page-other-card = Boshqa karta kiritish
card-page-working = Bir lahza…
card-page-done-heading = Karta saqlandi
card-page-done = Keyingi toʻlov: { $day }, { $price }. Bu sahifani yopish mumkin: hammasi chatda, /subscription boʻlimida.
card-page-again = Qayta urinish
card-page-powered = Powered by
card-page-offer = Paymeʼning ommaviy ofertasi
card-page-noscript = Bu sahifaga JavaScript kerak: u kartani bizga koʻrsatmasdan Paymeʼga yuboradi. Uni yoqing yoki havolani boshqa brauzerda oching.
card-page-over-heading = Bu havola endi ishlamaydi
card-page-over = Havola sahifani bir marta, 15 daqiqa ichida ochadi. Pul yechilmadi. Yangisi chatda, /subscription boʻlimida.
card-page-busy-heading = Biroz kuting
card-page-busy = Sahifani hozir ochib boʻlmadi. Bir daqiqadan keyin havolani yana bosing; u eskirgan boʻlsa, yangisi chatda, /subscription boʻlimida.
card-page-error-number = Raqamni tekshiring: unda 16 ta raqam bor.
card-page-error-expiry = Oy va yilni tekshiring: toʻrtta raqam, masalan 05/27.
card-page-error-consent = Roziligingizsiz pul yechilmaydi, demak saqlaydigan narsa ham yoʻq. Rozi boʻlsangiz, katakchani belgilang; boʻlmasa, sahifani yopib qoʻya qoling.
card-page-error-code = Kodda oltita raqam bor.
card-page-error-card = Payme bu kartani tanimadi. Raqam va muddatni tekshiring.
card-page-error-card-closed = Bu kartadan foydalanib boʻlmaydi: u bloklangan, muddati oʻtgan yoki SMS xabarnoma ulanmagan. SMSni bank yoqib beradi; boshqa karta ham boʻladi.
card-page-error-code-wrong = Kod notoʻgʻri. SMSga yana bir qarang.
card-page-error-code-old = Kod eskirgan. Yangisini soʻrang.
card-page-error-code-tries = Kod juda koʻp marta notoʻgʻri kiritildi. Yangisini soʻrang.
card-page-error-sms = Payme SMS yubora olmadi. Bir daqiqadan keyin yana urinib koʻring.
card-page-error-payme = Payme hozir javob bermayapti. Pul yechilmadi; bir daqiqadan keyin yana urinib koʻring.
card-page-error-save = Payme kartani taniydi, lekin biz uni hozir saqlay olmadik. Pul yechilmadi; yana urinib koʻring.
card-page-error-refused = Payme bu kartadan qayta-qayta pul yechishga ruxsat bermadi. Boshqasini sinab koʻring.
card-page-error-no-subscription = Hozir uzaytiriladigan toʻlangan kunlar yoʻq yoki ular allaqachon oʻzi uzayadi. Hech narsa saqlanmadi. Hammasi: chatda /subscription.

card-on-button = Karta orqali oʻzi uzaysin
card-change-button = Boshqa kartaga oʻtish
card-open-button = Karta sahifasini ochish
card-offer = Obunangiz ({ $tariff }) oʻzi uzayishi mumkin, har safar { $price }: birinchi marta { $day }, toʻlangan kunlar tugashiga bir kun qolganda. Uch kun oldin yozaman, istalgan payt oʻchirish mumkin.

    Karta uni toʻgʻridan-toʻgʻri Paymeʼga yuboradigan sahifada kiritiladi; biz faqat oxirgi toʻrt raqamini saqlaymiz. Havola bir marta, 15 daqiqa ishlaydi.
card-change-offer = Hozir { $card } kartasidan yechiladi. Boshqa karta saqlansa, uning oʻrniga oʻtadi, eskisini Payme unutadi.

    Havola bir marta, 15 daqiqa ishlaydi.
card-too-many-links = Bir soat ichida bir necha havola olindi. Bir soatdan keyin qayting: /subscription
card-saved = Tayyor: obunangiz ({ $tariff }) { $card } kartasi bilan oʻzi uzayadi. Keyingi toʻlov: { $day }, { $price }. Uch kun oldin eslataman. Kartani siz saqlamagan boʻlsangiz, oʻchirib qoʻying:
card-next-charge = Keyingi toʻlov: { $day }, { $price } (karta { $card }).
card-in-doubt = { $card } kartasidan { $price } yechish hali yakunlanmadi. Natijasi maʼlum boʻlishi bilan yozaman; bir martadan ortiq yechilmaydi.
card-standing = Uzaytirish uchun { $card } kartasi saqlangan; hozir uzaytiriladigan kunlar yoʻq.
card-is-off-now = Tayyor: boshqa pul yechilmaydi, { $card } kartasi oʻchirildi. Toʻlagan hamma narsangiz { $day }gacha ochiq.
card-is-off-now-without-days = Tayyor: boshqa pul yechilmaydi, { $card } kartasi oʻchirildi.
card-is-off-in-doubt = Tayyor: { $card } kartasi oʻchirildi, yangi toʻlov boshlanmaydi. { $price } yechish esa boshlangan edi: natijasi maʼlum boʻlishi bilan yozaman. Agar pul yechilgan boʻlsa va sizga kerak boʻlmasa, qaytaramiz: /paysupport
