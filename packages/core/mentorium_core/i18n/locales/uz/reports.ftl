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
verdict-on_track-1 = Surʼat yaxshi.
verdict-on_track-2 = Ishlar yaxshi, surʼat avvalgidan past emas.
verdict-on_track-3 = Oʻqish ishonch bilan davom etyapti.
verdict-on_track-4 = Marom buzilmadi.
verdict-as_usual-1 = Oʻqish odatdagidek davom etyapti.
verdict-as_usual-2 = Surʼat deyarli avvalgidek.
verdict-as_usual-3 = Hammasi taxminan avvalgidek.
verdict-as_usual-4 = Marom deyarli oʻzgarmadi.
verdict-uneven-1 = Surʼat notekis boʻldi.
verdict-uneven-2 = Bu safar notekis: koʻrsatkichlar har xil.
verdict-uneven-3 = Marom bir xil boʻlmadi.
verdict-uneven-4 = Notekis oʻtdi.
verdict-under_way-1 = Darslar boryapti.
verdict-under_way-2 = Oʻqish davom etyapti.
verdict-under_way-3 = Darslar davom etyapti.
verdict-under_way-4 = Oʻqish boryapti.
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
verdict-finished-3 = Kurs toʻliq tugatildi.
verdict-finished-4 = Hammasi bajarildi: kurs yakunlandi.
verdict-too_early-1 = Oʻqish endi boshlandi, xulosa qilishga erta.
verdict-too_early-2 = Dastlabki haftalar: xulosa uchun hali erta.
verdict-too_early-3 = Oʻqish boshlandi, surʼat haqida gapirishga hali erta.
verdict-too_early-4 = Hozircha kurs bilan tanishuv, xulosalar oldinda.

# Figures
report-study = ⏱ Oʻqish vaqti: { $time }. { $of } kunning { $days } kunida shugʻullandi.
report-study-before = ⏱ Oʻqish vaqti: { $time }, oldingi { $kind ->
    [month] oyda
   *[week] haftada
} — { $before }. { $of } kunning { $days } kunida shugʻullandi.
report-study-before-none = ⏱ Oʻqish vaqti: { $time }, oldingi { $kind ->
    [month] oyda
   *[week] haftada
} dars boʻlmagan. { $of } kunning { $days } kunida shugʻullandi.
report-lessons = 📚 { $count } ta dars tugatildi.
report-lessons-before = 📚 { $count } ta dars tugatildi (oldingi { $kind ->
    [month] oyda
   *[week] haftada
} — { $before } ta).
report-tests = 📝 Baholangan testlar: { $count } ta, oʻrtacha { $average }.
report-tests-before = 📝 Baholangan testlar: { $count } ta, oʻrtacha { $average } (avval — { $before }).
report-tests-one = 📝 Bitta test baholandi:
report-tests-taken = 📝 Topshirilgan testlar: { $count } ta.
report-test-taken = • «{ $title }»: topshirildi, ballsiz
report-test-score = • «{ $title }»: { $max_score } balldan { $score } ball
report-test-retaken = • «{ $title }»: { $max_score } balldan { $score } ball (qayta topshirishdan oldin — { $before })
report-tests-more = • va yana { $count } ta
report-trend = 📈 Haftalik oʻqish vaqti: avval { $first }, oy oxirida { $last }.
report-week-line = 📆 Oʻtgan hafta, { $period }: { $time } oʻqish, { $lessons } ta dars. { $verdict }
report-week-line-verdict = 📆 Oʻtgan hafta, { $period }. { $verdict }
report-week-line-none = 📆 Oʻtgan hafta, { $period }: dars boʻlmadi.

# The win
report-win-1 = ✅ Yaxshi natija: { $win }.
report-win-2 = ✅ Faxrlansa arziydi: { $win }.
report-win-3 = ✅ Yaxshi xabar: { $win }.
report-win-4 = ✅ Maqtashga arziydi: { $win }.
win-course = «{ $title }» kursi toʻliq tugatildi
win-test = «{ $title }» testi — { $max_score } balldan { $score } ball ({ $percent })
win-test-best = «{ $title }» testi — { $max_score } balldan { $score } ball ({ $percent }), bir oydagi eng yaxshi natija
win-mended = «{ $title }» testi qayta topshirildi, { $before } ball edi, endi { $max_score } balldan { $score } ball
win-milestone-25 = «{ $title }» kursining choragi tugatildi
win-milestone-50 = «{ $title }» kursining yarmi tugatildi
win-milestone-75 = «{ $title }» kursining toʻrtdan uch qismi tugatildi
win-award = «{ $title }» mukofoti
win-came-back = tanaffusdan keyin darslar yana boshlandi, { $days } kun shugʻullandi
win-caught-up = hamma vazifa topshirildi, muddati oʻtgani qolmadi (avval — { $before } ta)
win-more = oʻqishga koʻproq vaqt ajratildi, { $before } oʻrniga { $time }
win-streak = ketma-ket { $weeks } hafta muntazam darslar
win-lessons = { $count } ta dars tugatildi
win-lessons-last = { $count } ta dars tugatildi, oxirgisi — «{ $title }»

# The one thing to improve
report-improve-1 = 🎯 Nimani yaxshilash kerak: { $what }.
    Buning uchun 10 daqiqa yetadi: { $action }
report-improve-2 = 🎯 Eʼtibor kerak: { $what }.
    10 daqiqa kifoya: { $action }
report-improve-3 = 🎯 Diqqat markazida: { $what }.
    10 daqiqalik qadam: { $action }
report-improve-4 = 🎯 Ustida ishlash kerak: { $what }.
    10 daqiqada: { $action }
improve-topic = «{ $title }» mavzusi — oʻn ikki haftada { $max_score } balldan { $score } ball ({ $percent })
improve-test = «{ $title }» testi — { $max_score } balldan { $score } ball ({ $percent })
improve-overdue = muddati oʻtgan { $count } ta vazifa bor
improve-overdue-named = muddati oʻtganini topshirish — { $works }
improve-less = oʻqishga kamroq vaqt ajratildi, { $before } oʻrniga { $time }
report-done = 🤝 Oʻtgan safar taklif qilganimizni birga bajardingiz. Rahmat!
report-done-no-result = 🤝 «{ $title }» ustida birga ishladingiz. Yangi natija hozircha yoʻq.
report-done-result = 🤝 «{ $title }» ustida birga ishladingiz: { $before } edi, endi { $now }.

report-question-1 = 💬 Kechki ovqatda savol: «{ $question }»
report-question-2 = 💬 Bugun soʻrang: «{ $question }»
report-question-3 = 💬 Suhbat uchun mavzu: «{ $question }»
report-question-4 = 💬 Yoʻlda beriladigan savol: «{ $question }»

# Month
report-strong-topic = 💪 Kuchli mavzu: «{ $title }» — { $percent }.
report-awards = 🏅 Mukofotlar: { $titles }.

# Ahead
report-overdue = ⏰ Muddati oʻtgan vazifalar: { $count } ta.
report-overdue-named = ⏰ Hozir muddati oʻtgan: { $works }. Nima qilish kerak: birga ochib, tayyor qismini topshiring.
report-work = «{ $title }» (muddati { $day })
report-and-more = { $named } va yana { $more } ta
report-next = 📅 Hozir navbatda: { $position }-dars «{ $title }».
report-next-title = 📅 Hozir navbatda: «{ $title }».
report-due = 🗓 Oldinda: «{ $title }» — muddati { $day } ({ $weekday }).
report-due-now = 🗓 Oldinda: «{ $title }» — muddati { $day } ({ $weekday }). Nima qilish kerak: tayyorlanish uchun birga kun tanlang.
report-course = 🎓 «{ $title }»: { $required } ta darsdan { $done } tasi tugatildi.
report-course-then = 🎓 «{ $title }»: { $day } holatiga { $required } ta darsdan { $done } tasi tugatildi.
report-forecast = Shu surʼatda tugashi: { $months }.
report-materials = 🆕 Yangi materiallar: { $count } ta.
report-materials-named = 🆕 Yangi materiallar: { $titles }.
report-comment = ✍️ { $author }: «{ $body }»
report-comment-teacher = ✍️ Oʻqituvchi: «{ $body }»
report-words = ✍️ { $name }: oʻqituvchining soʻzlari

# Notes
report-stale = ℹ️ Platforma maʼlumotlari { $day }, { $time } holatiga; keyingisi hisobotga kirmadi.
report-partial = ℹ️ Platforma hamma maʼlumotni bermayapti: bu yerda faqat maʼlum boʻlgani.
report-ai-label = 🤖 AI: soʻzlar modelniki, raqamlar platformaniki.
report-subscription = 🔒 Obunadagi hisobotda yana: test natijalari, yaqin muddatlar, 10 daqiqalik maslahat, oʻqituvchining soʻzlari va rasm. Ochish: /subscribe
report-subscription-short = 🔒 Toʻliq hisobot — obuna bilan: /subscribe

# An idle period
idle-no_study-1 = Dars boʻlmadi, bunday ham boʻlib turadi.
idle-no_study-2 = Bu safar dars boʻlmadi.
idle-no_study-3 = Tanaffus: hozircha dars boʻlmadi.
idle-no_study-4 = Bu kunlar darssiz oʻtdi.
idle-not_begun = Kurs hali oldinda: darslar boshlanmagan.
idle-course_paused = Kurs hozir toʻxtatib turilgan, shuning uchun dars boʻlmadi.
idle-finished = Kurs tugatildi, yangi darslar boʻlmadi. Tabriklaymiz!
idle-no_data = Platforma bu kunlar maʼlumotini hali bermadi.
idle-before_enrolment = Bu davrda oʻqish hali boshlanmagan edi: birinchi kun — { $day }.
idle-way-back-lesson = Oson qadam: «{ $title }» darsini birga oching va dastlabki 10 daqiqasini koʻring.
idle-way-back = Oson qadam: tugatilgan istalgan darsni birga 10 daqiqada eslang.

# The picture
picture-week = { $period } haftasi
picture-time = oʻqish vaqti
picture-days = { $days ->
   *[other] kun shugʻullandi
}
picture-lessons = { $count ->
   *[other] ta dars tugatildi
}
picture-average = oʻrtacha natija
picture-average-one = test natijasi
picture-earlier = avval { $value }
picture-minutes-by-day = Kunlar boʻyicha oʻqish, daqiqa
picture-before = oldingi { $kind ->
    [month] oy
   *[week] hafta
}
picture-strongest = Eng kuchli mavzu
picture-weakest = Mashq kerak boʻlgan mavzu
picture-course = Kursning bajarilgan qismi

# Under a report
under-why = Nega bunday?
under-tonight = Kechki reja
under-done = ✅ Birga bajardik
why-heading = ❓ Nega bunday — { $name }, { $period }
why-on_track = Avvalgi shunday davr bilan solishtiramiz: oʻqish vaqti ham, darslar ham kamaymadi.
why-as_usual = Avvalgi shunday davr bilan solishtiramiz: farq kichik, undan xulosa chiqarmaymiz.
why-uneven = Koʻrsatkichlar har xil, shuning uchun yagona xulosa yoʻq.
why-under_way = Hozircha solishtirib boʻlmaydi: bundan oldin shunday toʻliq davr oʻtmagan.
why-slowed_down = Avvalgi shunday davr bilan solishtiramiz: oʻqish vaqti kamaydi — chorakdan koʻproq yoki darslar bilan birga.
why-paused = Bu davrda oʻqish ham, dars ham, test ham boʻlmadi.
why-finished = Kursning majburiy darslari tugatildi.
why-too_early = Birinchi darsdan beri ikki hafta oʻtmadi: tasodif hali odatdan kuchliroq.
why-topic = Bu oʻn ikki haftada eng kam ball toʻplangan mavzulardan biri. Yangi natija buni oʻzgartirishi mumkin.
why-test = Bu davrdagi eng qiyin natijalardan biri. Qayta topshirilsa, yangisi hisoblanadi.
why-overdue = Muddati oʻtgan, lekin topshirilmagan: buni eng tez tuzatsa boʻladi.
why-less = Oʻqish vaqti chorakdan koʻproq kamaydi: odatdan boshlash eng oson.
why-forecast = Tugash vaqti oxirgi toʻrt hafta surʼatiga qarab hisoblanadi, shuning uchun kun emas, oylar aytiladi.
tonight-heading = 🕖 Kechqurun 10 daqiqa — { $name }
tonight-ask = 1. Ikki daqiqa — soʻrang: «{ $question }»
tonight-do = 2. Olti daqiqa — { $action }
tonight-praise = 3. Ikki daqiqa — maqtang: { $win }.
tonight-effort = vaqt topilgani uchun
tonight-lesson = «{ $title }» darsini birga oching va boshini koʻring.
tonight-recall = tugatilgan istalgan darsni birga eslang.
tonight-done = Bajarilganda «Birga bajardik» tugmasini bosing: keyingi hisobot buni hisobga oladi.
done-saved = Ajoyib, yozib qoʻydik. Keyingi hisobotda nima oʻzgarganini koʻramiz.
done-known = Bu allaqachon yozilgan. Rahmat!
