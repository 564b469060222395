# Hisobot ovozli xabar boʻlib: hamma sonlar soʻz bilan
under-voice = 🔊 Tinglash
voice-caption = 🔊 Mashina oʻqiydi. Toʻliq hisobot — matnda.
voice-not-made = Ovozli xabarni hozir tayyorlab boʻlmadi. Yuqoridagi matn toʻliq; bir necha daqiqadan soʻng «Tinglash» tugmasini yana bosing.
voice-refused = Telegram sizga ovozli xabar yuborishga ruxsat bermadi: maxfiylik sozlamangiz shunday. Yuqoridagi matn toʻliq.
voice-too-many = Ketma-ket juda koʻp ovozli xabar soʻraldi. Bir daqiqadan soʻng yana urinib koʻring.
voice-coming = Ovozli xabar tayyorlanmoqda
settings-voice-on = 🔊 Hisobotlar ovozda: ha
settings-voice-off = 🔊 Hisobotlar ovozda: yoʻq
voice-switched-on = Endi har bir hisobot mashina ovozida ham oʻqiladi. Matn doim keladi.
voice-switched-off = Hisobotlar endi ovoz bilan oʻqilmaydi. Ular ostidagi «Tinglash» tugmasi qoladi.
voice-intro = Bu mashina ovozi. Hisobot: { $name }, { $period }.
voice-intro-child = Bu mashina ovozi. Farzandingiz haqida hisobot, { $period }.
voice-your-child = farzandingiz
voice-week = { $first }dan { $last }gacha boʻlgan hafta
voice-day = { $day } { $month }
voice-hours = { $number ->
   *[other] { $words } soat
}
voice-minutes = { $number ->
   *[other] { $words } daqiqa
}
voice-percent = { $number ->
   *[other] { $words } foiz
}
voice-percents = foiz
voice-not-begun = Bu davrda oʻqish hali boshlanmagan edi: u { $day } kuni boshlandi.
voice-study = Oʻqish vaqti: { $time }.
voice-study-before = Oʻqish vaqti: { $time }; oldingi { $kind ->
    [month] oyda
   *[week] haftada
} — { $before }.
voice-lessons = Tugatilgan darslar: { $count } ta.
voice-tests = Testlar: { $count } ta, oʻrtacha { $percent }.
voice-tests-one = Bitta test: { $percent }.
voice-win = Yaxshi natija: { $win }.
voice-win-course = «{ $title }» kursi toʻliq tugatildi
voice-win-test = «{ $title }» testi — { $percent }
voice-win-mended = «{ $title }» testi qayta topshirildi, natija avvalgidan yaxshi
voice-win-milestone-25 = «{ $title }» kursining choragi tugatildi
voice-win-milestone-50 = «{ $title }» kursining yarmi tugatildi
voice-win-milestone-75 = «{ $title }» kursining toʻrtdan uch qismi tugatildi
voice-win-award = «{ $title }» mukofoti
voice-win-came-back = tanaffusdan keyin darslar yana boshlandi
voice-win-caught-up = hamma vazifa topshirildi, muddati oʻtgani qolmadi
voice-win-more = oʻqishga avvalgidan koʻproq vaqt ajratildi
voice-win-streak = muntazam darslar, ketma-ket { $count } hafta
voice-win-lessons = tugatilgan darslar: { $count } ta
voice-improve = Nimani yaxshilash kerak: { $what }. Birga oʻn daqiqa: { $action }
voice-improve-topic = «{ $title }» mavzusi — { $percent }
voice-improve-test = «{ $title }» testi — { $percent }
voice-improve-overdue = muddati oʻtganini topshirish
voice-improve-less = oʻqishga avvalgidan kamroq vaqt ajratildi
voice-question = Soʻrash mumkin: { $question }
voice-overdue = Muddati oʻtgan vazifalar: { $count } ta.
voice-overdue-named = Hozir muddati oʻtgan: «{ $title }», muddati { $day } edi. Jami: { $count } ta.
voice-due = Navbatda «{ $title }» testi, muddati — { $day }.
voice-words = Oʻqituvchining soʻzlari ham bor: ularni matnda oʻqing.
