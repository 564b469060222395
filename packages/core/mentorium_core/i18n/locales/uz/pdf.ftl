# Hisobot fayl koʻrinishida, chop etish uchun
under-pdf = 📄 PDF fayl
pdf-title = Hisobot: { $name }, { $period }
pdf-footer = Mentorium · { $title } · { $day } holatiga
pdf-caption = 📄 { $name } — { $period }
pdf-not-made = Faylni hozir tayyorlab boʻlmadi. Yuqoridagi hisobot toʻliq; bir necha daqiqadan soʻng tugmani yana bosing.
pdf-too-many = Ketma-ket juda koʻp fayl soʻraldi. Bir daqiqadan soʻng yana urinib koʻring.
pdf-part-figures = Oy qanday oʻtdi
pdf-part-together = Nimani maqtash va nima qilish kerak
pdf-part-month = Surʼat, mavzular, mukofotlar
pdf-part-ahead = Keyingi qadamlar
pdf-part-words = Oʻqituvchining soʻzlari
pdf-column-test = Test
pdf-column-points = Ball
pdf-column-share = Natija
pdf-points = { $max_score } balldan { $score } ball
pdf-points-retaken = { $max_score } balldan { $score } ball (qayta topshirishdan oldin — { $before })
pdf-chart = { $title }. Oy kuni — daqiqa: { $days }. Qolgan kunlari dars boʻlmagan.
