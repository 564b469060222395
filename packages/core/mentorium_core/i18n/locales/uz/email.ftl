### E-mail as a second channel: the letters, the page behind their link, and the switch in /settings.

email-report-subject = { $name }: { $kind ->
    [month] oʻqish oyi, { $period }
   *[week] oʻqish haftasi, { $period }
}
email-notice-subject = Mentorium: obunangiz
email-picture-alt = Xuddi shu raqamlar chizmada
email-answers-in-chat = Savolingiz bormi? Mentorium yordamchisi Telegramda javob beradi.
email-notice-in-chat = Uni uzaytirish uchun Telegramda Mentorium yordamchisini oching: /subscribe
email-why = Bu xat Mentorium yordamchisidan soʻraganingiz uchun keldi. Qaysi xatlar kelishini oʻsha yerda tanlaysiz: /settings
email-unsubscribe = Boshqa xat yuborilmasin
email-unsubscribe-text = Boshqa xat yuborilmasin: { $url }

email-page-title = Mentorium xatlari
email-page-question = Mentoriumdan boshqa xat kelmasinmi? Telegramdagi hisobotlar avvalgidek qoladi.
email-page-button = Boshqa xat yuborilmasin
email-page-done = Tayyor: boshqa xat kelmaydi. Fikringiz oʻzgarsa, ularni Mentorium yordamchisida yana yoqish mumkin: /settings
email-page-over = Bu havola endi ishlamaydi. Qaysi xatlar kelishini Telegramdagi Mentorium yordamchisida tanlash mumkin: /settings
email-page-busy = Hozir boʻlmadi. Iltimos, havolani bir daqiqadan keyin yana oching.

email-settings-button = ✉️ Hisobotlar pochtaga
email-settings-on-always = Hisobotlar elektron pochtaga ham keladi: { $address }
email-settings-on-when-blocked = Botni bloklasangiz, hisobotlar va obuna tugashi haqidagi xabar pochtaga keladi: { $address }. Shu yerda oʻqib tursangiz, xat kelmaydi.
email-settings-off = Hisobotlar elektron pochtaga ham kelishi mumkin: { $address }
email-settings-no-address = Hisobotlar elektron pochtaga ham kelishi mumkin. Qaysi manzil sizniki ekanini hali bilmayman: unga kod yuboraman.
email-settings-consent = Tanlasangiz, farzandingiz haqidagi hisobotlar shu manzilga yuborilishiga rozi boʻlasiz. Har bir xatda ularni toʻxtatadigan havola bor.
email-choose-always = Har bir hisobotni yuborish
email-choose-when-blocked = Faqat botni bloklasam
email-choose-off = Xat kerak emas
email-choose-address = Boshqa manzil
email-ask-address = Qaysi manzilga? Uni shu yerga yozing. Unga olti raqamli kod yuboraman.
email-ask-code = { $address } manziliga kod yuborildi. Uni oʻn daqiqa ichida shu yerga yozing; xat kelmasa, spamga ham qarang.
email-left = Mayli, manzil avvalgicha qoladi.
email-leave = Oʻzgartirmaslik
email-not-offered = Hozir pochtani tanlab boʻlmaydi.
email-off-refused = { $address } manziliga xatlar toʻxtatildi: pochta serveri ketma-ket ikkitasini qabul qilmadi. Boshqa manzilni /settings orqali berish mumkin. Bu yerdagi hisobotlar avvalgidek keladi.
email-off-address-gone = { $address } manziliga xatlar toʻxtatildi: Mentoriumda u endi tasdiqlangan manzilingiz emas. /settings orqali qayta tanlash mumkin. Bu yerdagi hisobotlar avvalgidek keladi.
