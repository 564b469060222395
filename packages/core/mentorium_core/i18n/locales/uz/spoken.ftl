# A question that is spoken
spoken-consent = 🎤 Ovozli xabarlaringizni matnga aylantirib, ularga yozma savoldek javob bera olaman.

    Buning uchun ovozning oʻzi nutqni matnga aylantiradigan xizmatga (OpenAI yoki Mentorium tanlagan boshqasiga) boricha yuboriladi: sizning ovozingiz va siz aytgan barcha ismlar bilan. Ovoz yozuvi bizda saqlanmaydi. Eshitilgan soʻzlar yozma savolingizdek saqlanadi va javob tuzishdan oldin undagi ismlar, har doimgidek, almashtiriladi.

    Xohlamasangiz, savolingizni soʻz bilan yozing: boshqa hech narsa oʻzgarmaydi. Rozilikni istalgan payt qaytarib olish mumkin: /settings
spoken-agree = Ha, ovozli xabarlarimni matnga aylantiring
spoken-agreed = Kelishdik: endi ovoz bilan soʻrashingiz mumkin, har safar ikki daqiqagacha. Rozilikni qaytarib olish: /settings
spoken-heard = 🎤 «{ $words }»
spoken-forwarded = Men faqat oʻzingiz aytganingizni matnga aylantiraman: uzatilgan xabarda gapirgan kishi bunga rozilik bermagan. Iltimos, savolni oʻz soʻzingiz bilan bering.
spoken-too-long = Ovozli xabar juda uzun: men ikki daqiqagacha tinglay olaman. Iltimos, qisqaroq ayting yoki yozing.
spoken-too-many = Ketma-ket juda koʻp ovozli xabar keldi. Iltimos, yozing yoki bir daqiqadan soʻng yana urinib koʻring.
spoken-used-up = Bugun ovoz bilan juda koʻp savol berdingiz. Iltimos, savollaringizni soʻz bilan yozing: ularni avvalgidek oʻqiyman.
spoken-busy = Hozir men bilan juda koʻp kishi gaplashyapti. Iltimos, savolingizni yozing yoki bir daqiqadan soʻng yana urinib koʻring.
spoken-nothing-heard = Soʻzlarni ajrata olmadim. Iltimos, yana bir marta ayting yoki yozing.
spoken-unreadable = Bu ovozli xabarni ocha olmadim. Iltimos, uni qayta yozib yuboring yoki savolingizni soʻz bilan yozing.
spoken-ai-off = Siz AI matnlarini oʻchirgansiz, nutqni ham AI matnga aylantiradi: shuning uchun hozir ovozli xabarlarni tinglamayman. Iltimos, savolingizni soʻz bilan yozing yoki AI ni /settings orqali yoqing.
spoken-unavailable = Hozir sizni eshita olmayapman: nutqni matnga aylantiradigan xizmat javob bermayapti. Iltimos, savolingizni soʻz bilan yozing yoki bir necha daqiqadan soʻng yana urinib koʻring.
spoken-help = 🎤 Ovozli xabar bilan ham soʻrashingiz mumkin.
spoken-not-text = Men faqat matn va ovozli xabarlarni tushunaman. Savolingizni soʻz bilan bering, iltimos.
settings-spoken = 🎤 Ovozli savollar
spoken-on = Ovozli xabarlaringizni matnga aylantirib, ularga javob beraman. Har biri nutqni matnga aylantiradigan xizmatga boricha yuboriladi; ovoz yozuvi bizda saqlanmaydi.
spoken-stop = Endi matnga aylantirilmasin
spoken-stopped = Endi ovozli xabarlarni matnga aylantirmayman. Avval yozilganlari savollaringiz orasida qoladi (/export ularni koʻrsatadi, /erase oʻchiradi). Iltimos, savollaringizni soʻz bilan yozing.
