### What a parent reads when choosing how to pay, and about their subscription.

tariff-title-monthly = 1 oy
tariff-title-quarterly = 3 oy
tariff-title-annual = 1 yil

pay-choose = Siz tanlagan tarif: { $tariff }. Qanday toʻlash qulay?
pay-covered-already = Bu yerdagi barcha farzandlaringiz boshqa kattaning obunasi bilan { $until } gacha qamrab olingan. Shu kungacha toʻlash shart emas; toʻlasangiz, sizning kunlaringiz bugundan boshlanadi.
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
