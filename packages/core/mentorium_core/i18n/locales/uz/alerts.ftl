# Hisobotlar orasida: qisqa, bitta qadam bilan
alert-title = «{ $title }»
alert-course-finished = 🎓 { $name } { $title } kursini toʻliq tugatdi! Bugun kechqurun nimasi eng qiyin boʻlganini soʻrang va mehnati uchun maqtang.
alert-joy = 🎉 { $name } haqida yaxshi xabarlar:
alert-tests = • bitta ham xatosiz test: { $titles }
alert-awards = { $count ->
    [one] • mukofot: { $titles }
   *[other] • mukofotlar: { $titles }
}
alert-joy-todo = Kechqurun bunga qanday erishganini soʻrang va birga quvoning.
alert-comment = { $name }: oʻqituvchining soʻzlari
alert-comment-todo = Bugun birga oʻqib chiqing. Oxirgi soʻzlarni /teacher yana koʻrsatadi.
alert-materials = 🆕 { $name }: bu hafta kursda yangi materiallar chiqdi — { $titles }. Birortasini birga 10 daqiqa ochib koʻring.
alert-due = 🗓 { $name }: ertaga, { $day } ({ $weekday }), topshirish muddati — { $titles }. Kechqurun birga koʻring: nimasi tayyor.
alert-idle = 🌱 { $name } { $days } kundan beri shugʻullanmadi. Shunday ham boʻladi. { $step }
