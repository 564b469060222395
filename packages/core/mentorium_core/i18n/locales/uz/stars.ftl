### Payments in Telegram Stars.

stars-refused-unknown = Bunday hisob bizda yoʻq, Stars yechilmadi. Iltimos, yangisini oching: /subscribe
stars-refused-not-owner = Bu hisob boshqa kishiga yozilgan, Stars yechilmadi. Sizniki shu yerda: /subscribe
stars-refused-paid = Bu hisob allaqachon toʻlangan, qayta hech narsa yechilmadi. Qachongacha amal qilishi: /subscription
stars-refused-expired = Bu hisob eskirgan, Stars yechilmadi. Yangisi: /subscribe
stars-refused-wrong-amount = Hisob yozilganidan beri narx oʻzgargan, Stars yechilmadi. Yangisi: /subscribe
stars-refused-renews-already = Sizda Starsda oʻzi uzayadigan obuna bor: ikkinchisi uchun ikki marta yechilar edi. Hech narsa yechilmadi. Keyingi toʻlov qachon: /subscription
stars-returned = { $stars } Starslik toʻlovingizga mos hisob topilmadi, Stars sizga qaytarildi. Obuna boʻlish: /subscribe
stars-renewal-failed = Telegram obunangizni uzaytira olmadi: Stars yetmadi. Toʻlaganingiz muddati tugaguncha ochiq. Qayta toʻlash: /subscribe
stars-renewal-missing = Telegram obunangizni { $day } kuni uzaytirishi kerak edi, lekin toʻlov kelmadi. Hammasi { $open_until }gacha ochiq turadi. Davom etish uchun tarif tanlang; Stars yetarli ekanini Telegram sozlamalarida koʻrish mumkin. Stars yechilgan boʻlsa, yozing: /paysupport
