### What a parent reads when choosing how to pay, and about their subscription.

tariff-title-monthly = 1 oy
tariff-title-quarterly = 3 oy
tariff-title-annual = 1 yil

pay-choose = Siz tanlagan tarif: { $tariff }. Qanday toʻlash qulay?
pay-covered-already = Bu yerdagi barcha farzandlaringiz boshqa yaqin kishining obunasi bilan { $until }gacha qamrab olingan. Shu kungacha toʻlash shart emas; toʻlasangiz, sizning kunlaringiz bugundan boshlanadi.
pay-no-child = Hozir bu yerda sizga birorta farzandingiz ochiq emas, obuna koʻrsatadigan narsa hozircha yoʻq. Avval farzandni ulang: /children
pay-button = { $provider } – { $price }
pay-renew-button = { $provider } – har 30 kunda { $price }, oʻzi uzayadi
pay-none-offered = Siz tanlagan tarif: { $tariff }. Hozir bu yerda toʻlab boʻlmaydi. Bizga yozing, yoʻlini topamiz: /paysupport
pay-not-offered = Hozir { $provider } orqali toʻlab boʻlmaydi. Boshqa usullar:
pay-not-offered-nor-others = Hozir { $provider } orqali toʻlab boʻlmaydi. Bizga yozing, yoʻlini topamiz: /paysupport
pay-checkout = Buyurtma { $order }
    { $tariff } – { $price }

    Quyidagi tugma orqali toʻlang, u 24 soat ishlaydi. Toʻlov kelishi bilan shu yerga yozaman.
pay-renewal-checkout = Buyurtma { $order }
    { $tariff } – { $price }, keyin har 30 kunda shuncha

    Quyidagi tugma orqali tasdiqlang, u 24 soat ishlaydi. Uzaytirishni istalgan payt oʻchirish mumkin: /subscription
pay-open-button = { $provider } orqali toʻlash

renewal-is-on-already = Obunangiz allaqachon oʻzi uzayadi. Qachon va qancha: /subscription
renewal-off-button = Uzaytirishni oʻchirish
renewal-on-button = Uzaytirishni yoqish
renewal-none = Bu yerda oʻzgartiradigan narsa yoʻq: avtomatik uzaytirish yoqilmagan. Tariflar: /subscribe
renewal-is-on-now = Tayyor: Telegram obunani yana uzaytira oladi. Uni u yerda ham yoqing: Sozlamalar → Yulduzlarim → Mentorium → Yangilash. Shunda keyingi toʻlov: { $day }.
renewal-is-off-now = Tayyor: boshqa pul yechilmaydi. Toʻlagan hamma narsangiz { $day }gacha ochiq.

subscription-stands = Obunangiz { $until }gacha amal qiladi. Hozirgi tarif: { $tariff }.
subscription-in-grace = Obuna kunlari ({ $tariff }) { $until } kuni tugadi. Hammasi { $open_until }gacha ochiq turadi; undan keyin ham davom etish uchun tarifni tanlang.
subscription-none = Hozir oʻzingizning obunangiz yoʻq.
subscription-no-renewal = U oʻzi uzaymaydi, pul yechilmaydi.
subscription-next-charge = Keyingi toʻlov: { $day }, { $price } (Telegram Stars).
subscription-renewal-off = Uzaytirish oʻchirilgan: pul yechilmaydi.
subscription-renewal-failed = Oxirgi uzaytirish oʻtmadi, uning uchun pul yechilmadi. Davom etish uchun tarifni qaytadan tanlang.
subscription-history = Toʻlovlar:
subscription-payment = • { $day }: { $what }, { $price }, { $provider }
subscription-payment-returned = • { $day }: { $what }, { $price }, { $provider } – qaytarilgan
subscription-receipt = Chek: { $url }
subscription-ways = /subscribe – tariflar, /paysupport – toʻlov boʻyicha yordam

subscription-ends-soon = Obunangiz { $until } kuni tugaydi. Toʻliq hisobotlar va javoblar uzilib qolmasligi uchun uni hozir uzaytirish mumkin: yangi kunlar eskisi tugagan joydan boshlanadi.
subscription-ended = Obuna kunlari { $until } kuni tugadi. Hammasi { $open_until }gacha ochiq turadi, shoshilmasangiz ham boʻladi. Davom etish uchun:
subscription-last-day = Toʻliq kirishning oxirgi kuni: u { $open_until } kuni yopiladi. Shungacha uzaytirsangiz, hech narsa uzilmaydi. Qisqa hisobotlar, sozlamalar va maʼlumotlaringiz har holda siz bilan qoladi:
subscription-over = Obunangiz tugadi. Qisqa hisobotlar, sozlamalar va maʼlumotlaringiz siz bilan qoladi. Toʻliq hisobotlar va javoblar istalgan tarif bilan yana ochiladi:
subscription-given = Mentorium jamoasi sizga berdi: { $what }. Toʻliq hisobotlar va yordamchi javoblari { $until }gacha ochiq. Batafsil: /subscription
subscription-given-days = { $days } kunlik obuna
