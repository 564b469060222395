### Payments and subscription: what a parent reads about money.

payment-received = Rahmat! Toʻlov qabul qilindi: toʻliq hisobotlar va ustoz javoblari { $until } gacha ochiq.
payment-not-made = Toʻlov yakunlanmadi, pul yechilmadi. Qayta urinib koʻrish yoki boshqa usulni tanlash mumkin: /subscribe
payment-refunded = Pul qaytarildi va u bilan toʻlangan obuna tugadi. Qaytish uchun: /subscribe
payment-refunded-some-left = Pul qaytarildi. Qolgan toʻlovlaringiz { $until } gacha amal qiladi.
invoice-title-monthly = Mentorium, 1 oy
invoice-title-quarterly = Mentorium, 3 oy
invoice-title-annual = Mentorium, 1 yil
invoice-description = Farzandlaringiz haqida toʻliq hisobotlar va ustoz javoblari.
