### Click orqali toʻlov: ota-ona oʻqiydigan matnlar va fiskal chekdagi satr.

payment-twice = Bu buyurtma uchun allaqachon toʻlangan edi, pul ikkinchi marta yechildi. Ikkinchi toʻlovni qaytaryapmiz, sizdan hech narsa talab qilinmaydi.
payment-twice-returned = Ikkinchi marta yechilgan pul sizga qaytarildi. Sotib olganingiz ochiqligicha qoladi.
click-receipt-item = Mentorium obunasi, { $days } kun, dona
