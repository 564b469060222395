### Jamoa oʻz chatida nimani eshitadi. Bu yerda ota-onalarning soʻzlari yoʻq.

staff-crisis = 🆘 Ota-onaga yordam kerak
staff-crisis-line = { $what }
    Ota-ona { $id }, tili: { $speaks }, { $at }
    tg://user?id={ $id }
staff-crisis-do = Soʻzlar saqlanmaydi. Ota-ona yordam telefonlari bilan tayyor javob oldi. Unga ehtiyotkorlik bilan, surishtirmasdan yozing.
staff-event-crisis_own_despair = Oʻz umidsizligi haqida yozmoqda
staff-event-crisis_child_despair = Farzandining umidsizligi haqida yozmoqda
staff-event-crisis_despair = Oʻzining yoki farzandining umidsizligi haqida yozmoqda
staff-event-crisis_danger = Kimgadir xavf borligi haqida yozmoqda
staff-event-crisis_flagged = Xabarni avtomatik tekshiruv ushlab qoldi, u xato qilishi mumkin
staff-news = ⚠️ Bot: qarab chiqish kerak
staff-news-line = • { $what } ({ $name }): { $count }
staff-event-update_set_aside = Ota-onalar xabarlari chetga olindi, koʻrish: mentorium inbox
staff-event-job_held = Topshiriqlar oxirgi urinishdan keyin chetga olindi, koʻrish: pgq failed
staff-event-question_given_up = Savollar javobsiz qoldi
staff-event-stars_disagree = Pul: Stars toʻlovlari Telegram bilan mos kelmadi
staff-event-stars_balance_disagrees = Pul: Stars balansi mos kelmayapti
staff-event-stars_not_returned = Pul: Stars qaytarilmadi
staff-event-stars_renewal_not_told = Pul: Telegram avtomatik uzaytirish haqida bilmadi
staff-event-books_disagree = Pul: tungi tekshiruv nomuvofiqlik topdi
staff-event-refund_failed = Pul: qaytarish amalga oshmadi
staff-event-paid_broadcast_disagrees = Pul: pullik tarqatma mos kelmayapti
staff-event-paid_broadcast_refused = Pul: Telegram tarqatmani pullik deb qabul qilmayapti; u bepul tezlikda davom etmoqda
staff-event-mail_refused_to_all = Pochta serveri barcha xatlarni rad etyapti; sozlamalarini tekshiring
staff-event-clock_wrong = Server soati notoʻgʻri: hisobot va toʻlovlar boshlanmaydi
staff-event-unknown = Hodisa
