### What Payme shows to whoever is paying, and what stands on a fiscal receipt.

receipt-item = Mentorium obuna, { $days } kun
payment-receipt = Toʻlovingizning fiskal cheki: { $url }
payme-order-unknown = Buyurtma topilmadi
payme-order-paid = Buyurtma allaqachon toʻlangan
payme-order-busy = Buyurtma boʻyicha toʻlov jarayonda
payme-order-closed = Buyurtma bekor qilingan yoki muddati oʻtgan. Botda yangisini oching: /subscribe
payme-order-elsewhere = Bu buyurtma boshqa usulda toʻlanadi
payme-wrong-amount = Notoʻgʻri summa
payme-no-transaction = Tranzaksiya topilmadi
payme-delivered = Bekor qilib boʻlmaydi: xizmat koʻrsatilgan
payme-impossible = Amalni bajarib boʻlmaydi
payme-not-authorised = Metodni bajarish uchun huquqlar yetarli emas
payme-system-error = Tizim xatosi
payme-unknown-method = Metod topilmadi
payme-invalid-request = Notoʻgʻri soʻrov
payme-invalid-json = JSON tahlil xatosi
payme-not-post = Soʻrov usuli POST emas
payme-no-receipt = Chek topilmadi
payme-invalid-params = Notoʻgʻri parametrlar
