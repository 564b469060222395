# Hisobotlar orasida: qisqa, bitta qadam bilan
alert-title = «{ $title }»
alert-line = • { $what }
alert-course-finished = 🎓 { $name } { $title } kursini toʻliq tugatdi! Kechqurun nimasi eng qiyin boʻlganini soʻrang va mehnati uchun maqtang.
alert-joy = 🎉 { $name } haqida yaxshi xabarlar:
alert-tests = bitta ham xatosiz: { $titles }
alert-awards = { $count ->
    [one] mukofot: { $titles }
   *[other] mukofotlar: { $titles }
}
alert-joy-todo = Kechqurun bunga qanday erishganini soʻrang va birga quvoning.
alert-comment = { $name }: oʻqituvchining soʻzlari
alert-comment-todo = Kechqurun shu haqda gaplashing. Yana oʻqish: /teacher
alert-materials = 🆕 { $name }: bu hafta kursda yangi materiallar chiqdi — { $titles }. Birortasini birga ochib, 10 daqiqa koʻring.
alert-due = 🗓 { $name }: ertaga, { $day } ({ $weekday }), topshirish muddati — { $titles }. Kechqurun nimasi tayyorligini birga koʻring.
alert-idle = 🌱 { $name } { $days } kundan beri shugʻullanmayapti. Bunday boʻlib turadi. { $step }
