### Messages that nobody has asked for, and how a parent chooses among them.

report-folded = Oxirgi hisobotdan beri yana:
notify-off-achievement = Yutuqlarni yubormang
notify-off-reminder = Eslatmalarni yubormang
report-missed = { $name }: { $period } hisoboti sizga yetib bormagan boʻlishi mumkin. U shu yerda saqlangan.
report-missed-show = Hisobotni koʻrsatish
settings-reports-button = Hisobotlar: qaysilari va qachon
settings-reports = Qaysi hisobotlarni, qaysi kuni va soat nechada yuboray?

    Hozir: { $reports }

    Pastda – hisobotlar ohangi va ular keladigan til (📘).
settings-often-both = Hafta va oy uchun
settings-often-weekly = Faqat hafta uchun
settings-often-monthly = Faqat oy uchun
settings-often-off = Hisobot kerak emas
settings-hours-usual = Hafta 9:00, oy 10:00
settings-report-weekly = hafta uchun: { $weekday }, { $hour }
settings-report-monthly = oy uchun: har oyning 1-sanasi, { $hour }
settings-report-none = yuborilmaydi; /report istalgan vaqtda koʻrsatadi
settings-tone-warm = Iliq
settings-tone-neutral = Betaraf
settings-tone-brief = Qisqa
settings-ai-on = 🤖 AI yozgan matnlar: ha
settings-ai-off = 🤖 AI yozgan matnlar: yoʻq
ai-switched-on = AI siz uchun yana yozishi mumkin: hisobotlarda faktlar atrofidagi soʻzlarni va suhbatdagi javoblarni. Bunday hisobotlar 🤖 bilan belgilanadi, raqamlari platformadan olinadi.
ai-switched-off = AI endi siz uchun hisobot ham, javob ham yozmaydi: hammasi platforma maʼlumotlaridan olinadi, hech narsa tushib qolmaydi. Uni /settings orqali yana yoqish mumkin.
settings-back = Orqaga
settings-all = Barcha sozlamalar
settings-achievement-on = Yutuqlar: yoqilgan
settings-achievement-off = Yutuqlar: oʻchirilgan
settings-reminder-on = Eslatmalar: yoqilgan
settings-reminder-off = Eslatmalar: oʻchirilgan
settings-subscription-on = Obuna: ovozli
settings-subscription-off = Obuna: ovozsiz
settings-payment-on = Toʻlovlar: ovozli
settings-payment-off = Toʻlovlar: ovozsiz
settings-said-achievement-on = Yutuqlar yana yoqildi: tugatilgan kurslar, xatosiz testlar, muhim bosqichlar.
settings-said-achievement-off = Yutuqlar oʻchirildi: ular haqida alohida yozmayman. Hisobotlarda ular qoladi.
settings-said-reminder-on = Eslatmalar yana yoqildi: oʻqituvchi izohlari, muddati kelgan ishlar, darssiz kunlar.
settings-said-reminder-off = Eslatmalar oʻchirildi: izohlar, muddati kelgan ishlar va darssiz kunlar haqida alohida yozmayman. Hisobotlarda ular qoladi.
settings-said-subscription-on = Obuna haqidagi xabarlar yana ovozli keladi.
settings-said-subscription-off = Obuna haqidagi xabarlar ovozsiz keladi.
settings-said-payment-on = Toʻlovlar haqidagi xabarlar yana ovozli keladi.
settings-said-payment-off = Toʻlovlar haqidagi xabarlar ovozsiz keladi.
settings-undo-achievement-on = Yutuqlarni yoqish
settings-undo-achievement-off = Yutuqlarni oʻchirish
settings-undo-reminder-on = Eslatmalarni yoqish
settings-undo-reminder-off = Eslatmalarni oʻchirish
settings-undo-subscription-on = Ovozli
settings-undo-subscription-off = Ovozsiz
settings-undo-payment-on = Ovozli
settings-undo-payment-off = Ovozsiz
notify-reports = Qaysi hisobotlar va qachon
payment-said-again = Buni avval oʻqigan boʻlishingiz mumkin: bu oʻsha bitta toʻlov haqida, № { $number }.
