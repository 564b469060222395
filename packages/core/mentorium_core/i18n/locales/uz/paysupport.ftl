### /paysupport: what a parent reads, and what the staff does.

paysupport-which = Toʻlov boʻyicha yordam. Gap qaysi toʻlov haqida?
paysupport-order = { $day } · { $price } · { $provider }
paysupport-order-but = { $order } · { $status }
paysupport-other = Boshqa savol
paysupport-reason-order = Buyurtma { $order }.
paysupport-reason = Nima boʻlgani va nima istashingizni bitta xabarda yozing: u darhol jamoamizga yetib boradi. Iltimos, karta raqamlari va SMSdagi kodlarni hech qachon yubormang: ular bizga kerak emas.
paysupport-contact = Bizga bu yerga ham yozish mumkin: { $contact }
paysupport-leave = Kerak emas
paysupport-left = Yaxshi. Toʻlov boʻyicha yordam kerak boʻlsa: /paysupport
paysupport-sent = Rahmat, { $number }-raqamli murojaatingiz jamoamizda. Sizga shu yerda, Telegramda yozamiz. Pulingiz yoʻqolmaydi: toʻlaganingiz yo siz uchun ochiq, yo qaytariladi.
paysupport-cut = Xabaringiz { $most } belgidan uzun ekan, shuning uchun jamoamizga uning boshi yetib bordi. Qolganini yana bitta murojaat bilan yuborishingiz mumkin: /paysupport
paysupport-enough = Bugungi murojaatlaringiz jamoamizga yetib borgan, ular ustida ishlayapmiz. Iltimos, javobni kuting.
staff-request = Toʻlov boʻyicha yordam: { $number }-murojaat, { $day }
staff-request-from = Ota-ona { $id }, tili: { $speaks }
staff-request-order = Buyurtma { $order }: { $price }, { $status }
staff-request-charge = Tranzaksiya { $charge }
staff-order-pending = toʻlanmagan
staff-order-paid = toʻlangan
staff-order-refunded = qaytarilgan
staff-order-cancelled = bekor qilingan
