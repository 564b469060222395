# Said under an answer from the data alone, by why the language model gave none.
without-model-budget = Sunʼiy intellekt xizmati bugun siz uchun imkoni boricha javob berdi, ertaga yana xizmatingizda boʻladi. Ungacha platformaning aniq maʼlumotlarini yozaman.
without-model-away = Sunʼiy intellekt xizmati hozir javob bermayapti, shuning uchun bu yerda faqat platforma maʼlumotlari bor. Batafsil javob uchun birozdan keyin yana soʻrang.
without-model-off = Bu platformaning aniq maʼlumotlari, sunʼiy intellekt xizmatisiz.
# Said in place of figures, by what the question is about.
without-model-others = Men faqat oʻz farzandlaringiz haqida aytaman va ularni hech kim bilan solishtirmayman.
without-model-beyond = Bu mening ishim emas: shifokor yoki psixolog bilan gaplashgan maʼqul. Oʻqish haqida esa maʼlumotlar nima deyishini bajonidil aytaman.
without-model-team = Jamoamizdagi odamlar /paysupport orqali javob beradi.
without-model-which-child = Men faqat { $names } haqida aytib bera olaman. Kim haqida soʻrayapsiz?
without-model-thanks = Arzimaydi! Farzandingizning oʻqishi haqida istagan paytingizda soʻrang.
