report-header = { $kind ->
    [month] 📘 { $name } — { $period }
   *[week] 📘 { $name } — { $period } haftasi
}
report-your-child = Farzandingiz
report-period-note = { $kind ->
    [month] Oxirgi tugagan oy.
   *[week] Oxirgi tugagan hafta, dushanbadan yakshanbagacha.
}

# The verdict in words, four ways of saying it
verdict-on_track-1 = Oʻqish reja boʻyicha ketyapti.
verdict-on_track-2 = Hammasi bir maromda, surʼat yaxshi.
verdict-on_track-3 = Oʻqish ishonch bilan davom etyapti.
verdict-on_track-4 = Maromi buzilmadi: reja boʻyicha.
verdict-slowed_down-1 = Surʼat pasaydi.
verdict-slowed_down-2 = Oʻqish sekinlashdi.
verdict-slowed_down-3 = Bu safar surʼat odatdagidan past.
verdict-slowed_down-4 = Oʻqish avvalgidan sekinroq ketyapti.
verdict-paused-1 = Oʻqishda tanaffus.
verdict-paused-2 = Oʻqish hozircha toʻxtab turibdi.
verdict-paused-3 = Darslar toʻxtab qoldi.
verdict-paused-4 = Hozir darslarda tanaffus.
verdict-finished-1 = Kurs tugatildi.
verdict-finished-2 = Kurs boʻyicha oʻqish yakunlandi.
verdict-finished-3 = Kurs toʻliq oʻtildi.
verdict-finished-4 = Hammasi oʻtildi: kurs yakunlandi.
verdict-too_early-1 = Oʻqish endi boshlandi, xulosa qilishga erta.
verdict-too_early-2 = Dastlabki haftalar: xulosa uchun hali erta.
verdict-too_early-3 = Boshlandi, surʼat haqida aytishga hali erta.
verdict-too_early-4 = Hozircha kurs bilan tanishuv, xulosalar oldinda.

# Figures
report-study = ⏱ Dars vaqti: { $time }, { $days } kun.
report-study-before = ⏱ Dars vaqti: { $time }, { $days } kun (oldingi { $kind ->
    [month] oyda
   *[week] haftada
} — { $before }).
report-study-before-none = ⏱ Dars vaqti: { $time }, { $days } kun (oldingi { $kind ->
    [month] oyda
   *[week] haftada
} dars boʻlmagan).
report-lessons = 📚 { $count } ta dars oʻtildi.
report-lessons-before = 📚 { $count } ta dars oʻtildi (oldingi { $kind ->
    [month] oyda
   *[week] haftada
} — { $before } ta).
report-tests = 📝 Natijali testlar: { $count } ta, oʻrtacha { $average }.
report-tests-before = 📝 Natijali testlar: { $count } ta, oʻrtacha { $average } (avval — { $before }).
report-tests-taken = 📝 Topshirilgan testlar: { $count } ta.
report-test-taken = • «{ $title }»: topshirildi, ballsiz
report-test-score = • «{ $title }»: { $max_score } balldan { $score } ball
report-trend = 📈 { $weeks } haftada: haftasiga { $first }dan { $last }gacha dars.

# The win
report-win-1 = ✅ Yaxshi natija: { $win }.
report-win-2 = ✅ Faxrlansa arziydi: { $win }.
report-win-3 = ✅ Yaxshi xabar: { $win }.
report-win-4 = ✅ Maqtashga arziydi: { $win }.
win-course = «{ $title }» kursi toʻliq oʻtildi
win-test = «{ $title }» testi — { $max_score } balldan { $score } ball ({ $percent })
win-test-best = «{ $title }» testi — { $max_score } balldan { $score } ball ({ $percent }), bir oydagi eng yaxshi natija
win-milestone = «{ $title }» kursining { $percent } qismi oʻtildi
win-award = «{ $title }» mukofoti
win-came-back = tanaffusdan keyin darslar yana boshlandi, { $days } kun dars
win-caught-up = hamma vazifa topshirildi, muddati oʻtgani qolmadi (avval — { $before } ta)
win-more = oʻqishga koʻproq vaqt ajratildi, { $before } oʻrniga { $time }
win-streak = ketma-ket { $weeks } hafta muntazam darslar
win-lessons = { $count } ta dars oʻtildi
win-lessons-last = { $count } ta dars oʻtildi, oxirgisi — «{ $title }»

# The one thing to improve
report-improve-1 = 🎯 Nimani yaxshilash kerak: { $what }.
    Birga 10 daqiqa: { $action }
report-improve-2 = 🎯 Eʼtibor kerak: { $what }.
    Ikkovlon 10 daqiqa: { $action }
report-improve-3 = 🎯 Oʻsish nuqtasi: { $what }.
    10 daqiqalik qadam: { $action }
report-improve-4 = 🎯 Ustida ishlash kerak: { $what }.
    Birga 10 daqiqada: { $action }
improve-topic = «{ $title }» mavzusi — { $max_score } balldan { $score } ball ({ $percent })
improve-test = «{ $title }» testi — { $max_score } balldan { $score } ball ({ $percent })
improve-overdue = muddati oʻtgan { $count } ta vazifa bor
improve-less = oʻqishga kamroq vaqt ajratildi, { $before } oʻrniga { $time }

report-question-1 = 💬 Kechki ovqatda savol: «{ $question }»
report-question-2 = 💬 Bugun soʻrang: «{ $question }»
report-question-3 = 💬 Suhbat uchun mavzu: «{ $question }»
report-question-4 = 💬 Yoʻlda beriladigan savol: «{ $question }»

# Month
report-strong-topic = 💪 Kuchli mavzu: «{ $title }» — { $percent }.
report-awards = 🏅 Mukofotlar: { $titles }.

# Ahead
report-overdue = ⏰ Muddati oʻtgan vazifalar: { $count } ta.
report-next = 📅 Keyingi qadam: { $position }-dars «{ $title }».
report-next-title = 📅 Keyingi qadam: «{ $title }».
report-due = 🗓 «{ $title }» testi — muddati { $day } ({ $weekday }).
report-course = 🎓 «{ $title }»: { $required } ta darsdan { $done } tasi oʻtildi.
report-course-forecast = 🎓 «{ $title }»: { $required } ta darsdan { $done } tasi oʻtildi. Shu surʼatda tugashi: { $months }.
report-materials = 🆕 Yangi materiallar: { $count } ta.
report-comment = ✍️ { $author }: «{ $body }»
report-comment-teacher = ✍️ Oʻqituvchi: «{ $body }»

# Notes
report-stale = ℹ️ Platforma maʼlumotlari { $day }, { $time } holatiga; keyingisi hisobotga kirmadi.
report-partial = ℹ️ Platforma hamma maʼlumotni bermayapti: bu yerda faqat maʼlum boʻlgani.
report-subscription = 🔒 Test natijalari, maslahat va prognoz — obunadagi toʻliq hisobotda: /subscribe

# An idle period
idle-no_study-1 = Dars boʻlmadi, bunday ham boʻlib turadi.
idle-no_study-2 = Bu safar darslarsiz oʻtdi.
idle-no_study-3 = Tanaffus: hozircha dars boʻlmadi.
idle-no_study-4 = Bu kunlar darssiz oʻtdi.
idle-not_begun = Kurs hali oldinda: darslar boshlanmagan.
idle-course_paused = Kurs hozir toʻxtatib turilgan, shuning uchun dars boʻlmadi.
idle-finished = Kurs tugatildi, yangi darslar boʻlmadi. Tabriklaymiz!
idle-no_data = Platforma bu kunlar maʼlumotini hali bermadi.
idle-way-back-lesson = Oson qadam: «{ $title }» darsini birga oching va dastlabki 10 daqiqasini koʻring.
idle-way-back = Oson qadam: oʻtilgan istalgan darsni birga 10 daqiqada eslang.

# The picture
picture-week = { $period } haftasi
picture-time = dars vaqti
picture-days = { $days ->
   *[other] kun dars
}
picture-lessons = { $count ->
   *[other] ta dars oʻtildi
}
picture-average = oʻrtacha natija
picture-earlier = avval { $value }
picture-minutes-by-day = Kunlar boʻyicha dars daqiqalari
picture-before = oldingi { $kind ->
    [month] oy
   *[week] hafta
}
picture-strongest = Eng kuchli mavzu
picture-weakest = Mashq kerak boʻlgan mavzu
picture-course = Kurs oʻtilishi
