### Renewal by a saved card: what a payer reads before a charge, and after one that was not made.

card-renewal-soon = Obuna { $until }gacha toʻlangan. { $day } kuni { $card } kartangizdan keyingi muddat ({ $what }) uchun { $amount } yechamiz va hammasi uzilishsiz ochiq qoladi. Istamasangiz, bir marta bosish kifoya: shunda hech narsa yechilmaydi.
card-renewal-soon-late = Obunada toʻlangan kunlar { $until } kuni tugagan. { $day } kuni { $card } kartangizdan keyingi muddat ({ $what }) uchun { $amount } yechamiz va yangi muddat oʻsha kundan hisoblanadi. Istamasangiz, bir marta bosish kifoya: shunda hech narsa yechilmaydi.
card-renewal-off-button = Uzaytirishni oʻchirish
card-renewal-another-card-button = Boshqa karta qoʻshish
payment-renewed = Obuna uzaytirildi: { $what }. Toʻliq hisobotlar va yordamchi javoblari { $until }gacha ochiq. Obuna haqida hammasi: /subscription
card-renewal-retry = { $card } kartangizdan { $amount } yechib boʻlmadi, pul olinmadi. Koʻpincha sabab — kartadagi qoldiq yoki onlayn toʻlovlar limiti. { $day } kuni yana urinib koʻramiz; { $until }gacha hammasi ochiq qoladi. Hozir boshqa usulda toʻlash ham mumkin.
card-renewal-retry-closed = { $card } kartangizdan { $amount } yechib boʻlmadi, pul olinmadi. Toʻliq hisobotlar va javoblar hozircha yopiq. { $day } kuni yana urinib koʻramiz; shundan keyin yoki hozir boshqa usulda toʻlasangiz, hammasi yana ochiladi.
card-renewal-last = Bu safar ham { $card } kartangizdan toʻlovni yechib boʻlmadi, pul olinmadi. Boshqa urinmaymiz, karta oʻchirildi. Istalgan vaqtda qaytishingiz mumkin: sizda bor narsalarning hammasi saqlangan.
card-renewal-untried = Obuna { $card } kartangizdan uzaytirilishi kerak edi, lekin bizning aybimiz bilan bu oʻz vaqtida boʻlmadi, pul olinmadi. Bunchalik kech soʻramasdan pul yechmaymiz: karta oʻchirildi. Istalgan vaqtda qaytishingiz mumkin: sizda bor narsalarning hammasi saqlangan.
card-renewal-card-dead = Bank { $card } kartangizdan toʻlovni endi oʻtkazmayapti (muddati tugagan yoki karta almashtirilgan boʻlishi mumkin), pul olinmadi. Shuning uchun uzaytirish oʻchirildi, karta ham oʻchirildi. Toʻlangani { $until }gacha ochiq. Boshqa karta qoʻshish yoki boshqa usulda toʻlash mumkin.
card-renewal-card-dead-late = Bank { $card } kartangizdan toʻlovni endi oʻtkazmayapti (muddati tugagan yoki karta almashtirilgan boʻlishi mumkin), pul olinmadi. Shuning uchun uzaytirish oʻchirildi, karta ham oʻchirildi. Boshqa karta qoʻshish yoki boshqa usulda toʻlash mumkin.
card-renewal-card-dead-over = Bank { $card } kartangizdan toʻlovni endi oʻtkazmayapti (muddati tugagan yoki karta almashtirilgan boʻlishi mumkin), pul olinmadi. Shuning uchun uzaytirish oʻchirildi, karta ham oʻchirildi. Istalgan vaqtda qaytib, boshqa usulda toʻlashingiz mumkin: sizda bor narsalarning hammasi saqlangan.
card-renewal-not-charged = { $card } kartangizdan { $amount } yechilmadi, pul olinmadi. Karta oʻchirilgan, undan boshqa hech narsa yechilmaydi. Obuna haqida hammasi: /subscription
card-renewal-given-back = { $card } kartangizdan { $amount } baribir yechilgan ekan. Paymeʼdan hammasini qaytarishni soʻradik; pul qachon kelishi bankka bogʻliq. Bir necha kunda kelmasa, yozing: /paysupport
