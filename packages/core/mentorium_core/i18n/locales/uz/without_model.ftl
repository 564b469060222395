# Said under an answer from the data alone, by why the language model gave none.
without-model-budget = Sunʼiy intellekt xizmati bugun siz uchun imkoni boricha javob berdi, ertaga yana xizmatingizda boʻladi. Ungacha platformaning aniq maʼlumotlarini yozaman.
without-model-away = Sunʼiy intellekt xizmati hozir javob bermayapti, shuning uchun bu yerda faqat platforma maʼlumotlari bor. Batafsil javob uchun birozdan keyin yana soʻrang.
without-model-off = Bu platformaning aniq maʼlumotlari, sunʼiy intellekt xizmatisiz.
