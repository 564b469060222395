// Sahifaning oʻzbekcha soʻzlari.

export default {
  "page.title": "Mentorium sinov maydoni", "skip": "Xabar yozish qatoriga", "language": "Ushbu sahifa tili",
  "banner.sandbox": "Sinov maydoni.", "banner.words": "Telegram, OpenAI va maktab shu kompyuterdagi oʻrinbosarlar, bot esa haqiqiy.",
  "ok": "Yaxshi", "cancel": "Bekor qilish", "close": "Yopish", "send": "Yuborish", "copied": "Nusxalandi", "theme": "Koʻrinish", "theme.auto": "tizimdagidek", "theme.light": "yorugʻ", "theme.dark": "qorongʻi",
  "layout.to_phone": "Suhbatni telefonda koʻrsatish", "layout.to_wide": "Suhbatni keng koʻrsatish", "shortcuts": "Tezkor tugmalar",
  "keys.write": "Xabar yozish", "keys.parents": "Oldingi yoki keyingi ota-ona", "keys.layout": "Telefon yoki keng koʻrinish", "keys.line": "Yangi qator", "keys.photos": "Oldingi yoki keyingi surat",

  "parents": "Ota-onalar", "parents.new": "Yangi ota-ona", "parents.add": "Qoʻshish", "parents.find": "Ota-onani topish", "parents.more": "yana {count} ta: ism yoki id boʻyicha qidiring", "parents.unread": "oʻqilmagan",
  "parents.blocked": "bot bloklangan", "parents.no_phone": "telefonsiz", "parents.name": "Ism", "parents.language": "Til", "parents.phone": "Telefon",
  "parents.about_new": "Bot hali tanimaydigan Telegram foydalanuvchisi. Kontaktni ulashish tugmasi shu raqamni yuboradi.",

  "chat": "Bot bilan suhbat", "chat.as": "Siz shu ota-ona nomidan yozasiz", "chat.bot": "bot", "chat.messages": "Xabarlar", "chat.message": "Xabar", "chat.placeholder": "Xabar", "chat.start": "BOSHLASH", "chat.restart": "BLOKDAN CHIQARISH VA BOSHLASH",
  "chat.empty": "Bu yerda hali hech narsa yoʻq. Pastdagi «Boshlash» tugmasini bosing.", "chat.what_can": "Bu bot nima qila oladi?", "chat.down": "Yangi xabarlarga", "chat.commands": "Bot buyruqlari", "chat.no_commands": "Bot buyruqlarni belgilamagan.",
  "chat.attach": "Biriktirish", "chat.keyboard": "Bot klaviaturasi", "chat.buttons": "Tugmalar", "chat.stop": "Toʻxtatish", "chat.writing": "Yozilmoqda:", "chat.thinking": "oʻylayapti", "chat.reply_to": "Javob: {words}", "chat.alert": "Bot xabari",
  "attach.photo": "Surat", "attach.voice": "Ovozli xabar", "attach.own_contact": "Mening kontaktim", "attach.other_contact": "Boshqa kishining kontakti", "attach.sticker": "Stiker",

  "action.typing": "yozmoqda…", "action.upload_photo": "surat yubormoqda…", "action.upload_document": "fayl yubormoqda…", "action.record_voice": "ovozli xabar yozmoqda…", "action.upload_voice": "ovozli xabar yubormoqda…",
  "action.record_video": "video yozmoqda…", "action.upload_video": "video yubormoqda…", "action.choose_sticker": "stiker tanlamoqda…", "action.find_location": "joyni qidirmoqda…", "action.record_video_note": "video yozmoqda…", "action.upload_video_note": "video yubormoqda…",

  "message.you": "Siz", "message.edited": "tahrirlangan", "message.forwarded": "{name} xabaridan uzatilgan", "message.spoiler": "Yashirin matn, koʻrish uchun bosing", "message.copy": "Nusxalash", "message.code": "kod", "message.more": "Toʻliq koʻrsatish", "message.less": "Yigʻish",
  "message.location": "Joy", "message.contact": "Kontakt", "message.poll": "Anonim soʻrovnoma", "message.quiz": "Viktorina", "message.unknown": "Bu sahifa bunday xabarni koʻrsata olmaydi",
  "service.pinned": "{name}: «{words}» qadaldi", "service.paid": "{amount} toʻlov oʻtdi", "service.refunded": "{amount} qaytarildi", "service.write_access": "Bot sizga yozishi mumkin", "service.web_app": "«{name}» maʼlumotlari botga yuborildi", "service.shared": "Bot tanlangan suhbatlarni oldi",
  "kind.photo": "Surat", "kind.video": "Video", "kind.animation": "Animatsiya", "kind.voice": "Ovozli xabar", "kind.audio": "Musiqa", "kind.document": "Fayl", "kind.sticker": "Stiker", "kind.location": "Joy", "kind.venue": "Joy", "kind.contact": "Kontakt", "kind.poll": "Soʻrovnoma", "kind.invoice": "Hisob", "kind.dice": "Kubik", "kind.video_note": "Video xabar",
  "photo.open": "Suratni ochish", "photo.previous": "Oldingi surat", "photo.next": "Keyingi surat", "photo.send": "Ushbu surat yuborilsinmi?", "photo.unreadable": "Brauzer bu faylni surat sifatida oʻqiy olmadi.", "file.download": "Yuklab olish",
  "voice.play": "Eshitish", "voice.pause": "Pauza", "voice.position": "Oʻrni", "voice.silent": "Bu xabarda tovush yoʻq.", "voice.title": "Ovozli xabar", "voice.record": "Yozib olish", "voice.end": "Yozishni tugatish", "voice.again": "Qaytadan yozish", "voice.preview": "Yuborishdan oldin eshitish", "voice.file": "Yoki ovozli fayl",
  "voice.spoken": "Unda nima deyilgan", "voice.why_spoken": "Nutqni taniydigan oʻrinbosar shu soʻzlarni eshitadi. Soʻzlarning oʻzi ham yetarli: unda tovush oʻrnida jimlik boʻladi.", "voice.no_microphone": "Mikrofondan foydalanib boʻlmaydi. Ovozli fayl tanlang yoki nima deyilganini yozing.", "voice.nothing": "Biror narsa yozib oling, fayl tanlang yoki nima deyilganini yozing.",

  "button.unknown": "Sinov maydoni bu tugma soʻragan ishni qila olmaydi.", "link.open": "Havola ochilsinmi?", "link.go": "Ochish", "link.copy": "Havoladan nusxa olish", "link.into_bot": "Havola botga olib boradi. Uni kim ochadi?", "link.as": "Ota-ona",
  "app.later": "Mini-ilovalar sinov maydonining keyingi versiyalarida paydo boʻladi. Mana bu manzil ochilar edi:",
  "pay.title": "Toʻlov", "pay.now": "{amount} toʻlash", "pay.sandbox": "Haqiqiy pul emas: bu sinov maydoni.", "pay.later": "Toʻlov sinov maydonining keyingi versiyasida kassa bilan birga paydo boʻladi.",
  "contact.share": "Telefon raqamingiz ulashilsinmi?", "contact.will_see": "Bot {phone} raqamini koʻradi ({name}).", "contact.share_now": "Ulashish", "contact.no_phone": "Bu ota-onada telefon yoʻq. Telefoni bor ota-onani qoʻshing.", "contact.other": "Kontaktni uzatish", "contact.name": "Ism", "contact.phone": "Telefon",

  "controls": "Boshqaruv", "section.clock": "Soat", "section.parent": "Ushbu ota-ona", "section.school": "Maktabda", "section.faults": "Nosozliklar", "section.parts": "Qismlar", "section.behind": "Parda ortida",
  "clock.day": "+1 kun", "clock.monday": "Dushanba", "clock.first": "Oyning 1-kuni", "clock.month": "+30 kun", "clock.moving": "Vaqt oʻtmoqda…", "clock.ran": "Bajarildi: {jobs}", "clock.nothing": "navbatda ish yoʻq edi",
  "parent.id": "Telegram id", "parent.guardian": "Maktabdagi hisob", "parent.no_account": "hali yoʻq", "parent.tariff": "Tarif", "parent.grant": "Berish", "parent.block": "🚫 Botni bloklash", "parent.unblock": "✅ Botni blokdan chiqarish",
  "tariff.monthly": "bir oy", "tariff.quarterly": "uch oy", "tariff.annual": "bir yil",
  "school.connect": "Telegramni ulash", "school.connect_note": "platformadagi tugma kabi", "school.enrol": "Farzandni yozdirish", "school.enrol_note": "va u bilan botga kelish", "school.enrol_words": "Maktabda yangi oʻquvchi, birinchi kursga yozilgan. Ota-ona havola orqali darhol botga oʻtadi.", "school.enrol_now": "Yozdirish", "school.first_name": "Ism", "school.last_name": "Familiya",
  "school.child": "Farzand", "school.nobody": "maktabda hali hech kim yoʻq", "school.lesson": "Dars", "school.test": "Test", "school.award": "Mukofot", "school.hour": "Bir soat", "school.test_title": "Kasrlar", "school.title": "Nomi", "school.score": "Ball", "school.most": "eng koʻpi", "school.grade": "Baholash",
  "school.no_account": "Bu ota-onaning maktabda hisobi yoʻq: avval farzandni yozdiring.", "school.no_child": "Bu ota-onaning maktabda farzandi yoʻq: avval uni yozdiring.", "school.done": "{child}: {what}",
  "target.telegram": "Telegram", "target.openai": "OpenAI", "target.smtp": "Pochta", "target.platform_db": "Maktab bazasi", "target.bot_db": "Bot bazasi", "target.redis": "Redis", "target.payme": "PayMe", "target.click": "Click",
  "fault.status_429": "soʻrovlar juda koʻp (429)", "fault.status_500": "server xatosi (500)", "fault.timeout": "javob yoʻq", "fault.drop_response": "javob yoʻqoladi", "fault.slow": "3 s kechikadi", "fault.down": "ishlamayapti", "fault.stream_cut": "oqim uziladi", "fault.corrupt_chunk": "buzuq boʻlak", "fault.stall": "oqim toʻxtab qoladi", "fault.quota": "kvota tugagan",
  "faults.target": "Kim", "faults.kind": "Nima", "faults.times": "Necha marta", "faults.match": "Faqat shu chaqiruv", "faults.add": "Yuz bersin", "faults.clear": "Hammasini olish", "faults.limiter": "Telegram cheklovlari", "faults.limiter_note": "soniyada 30 ta, har suhbatga 1 ta",
  "parts.well": "ishlayapti", "parts.ill": "ishlamayapti", "parts.kill": "Yiqitish (qayta ishga tushadi)", "parts.stop": "Toʻxtatish", "parts.start": "Ishga tushirish",
  "drawer.mailbox": "Pochta qutisi", "drawer.calls": "Bot API chaqiruvlari", "drawer.model": "Modelga soʻrovlar", "drawer.sentry": "Xatolar (Sentry)", "drawer.metrics": "Metrikalar", "drawer.admin": "Boshqaruv paneli", "drawer.mini_app": "Mini-ilova",
  "drawer.find": "Topish", "drawer.refresh": "Qayta oʻqish", "drawer.page": "Alohida sahifada", "drawer.empty": "Bu yerda hech narsa yoʻq.", "later": "Bu sinov maydonida u hali yoʻq.",
};
