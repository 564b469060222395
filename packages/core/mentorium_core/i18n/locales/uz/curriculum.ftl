# The topics of the curriculum in plain words, for a parent who knows nothing about AI; the code is the platform's.

topic-ai_basics = Sunʼiy intellekt nima
meaning-ai_basics = Sunʼiy intellekt – har bir qadami yozib berilmagan, koʻplab misollardan oʻrgangan dastur. Bolalar bunday dasturlar atrofimizda qayerda borligini, nimani yaxshi bajarishini va qayerda adashishini bilib oladilar.
topic-how_networks_learn = Neyrotarmoq qanday oʻrganadi
meaning-how_networks_learn = Neyrotarmoq – misollardan oʻrganadigan dastur. Bola mushukni kuchukdan ajratishni qanday oʻrgansa, u ham shunday: taxmin qiladi, xatosini koʻradi, oʻzini ozgina toʻgʻrilaydi va buni juda koʻp marta takrorlaydi. U odamdek tushunmaydi, shuning uchun javoblarini tekshirish kerak.
topic-data_quality = Maʼlumotlar va ularning sifati
meaning-data_quality = Maʼlumotlar – neyrotarmoq oʻrganadigan misollar. Ular notoʻgʻri yoki bir tomonlama boʻlsa, javoblar ham shunday boʻladi; bolalar buni payqashni va yaxshi misol tanlashni oʻrganadilar.
topic-text_prompts = Matn uchun promptlar
meaning-text_prompts = Prompt – neyrotarmoqqa yoziladigan soʻrov. Bolalar nima kerakligini, kim uchun, qanday misol bilan va qaysi koʻrinishda ekanini aytishni hamda javobni qadam-baqadam yaxshilashni oʻrganadilar.
topic-image_prompts = Rasm uchun promptlar
meaning-image_prompts = Bu rasmni soʻz bilan shunday tasvirlash mahoratiki, neyrotarmoq aynan oʻylangan narsani chizsin: unda kim bor, qayerda, qanday uslub, yorugʻlik va rangda.
topic-fact_checking = Faktlarni tekshirish
meaning-fact_checking = Neyrotarmoq biror narsani toʻqib chiqarib, uni ishonch bilan aytishi mumkin. Bolalar shunday joyda toʻxtashni, manbani topishni, ishonish yoki takrorlashdan oldin ikki manbani solishtirishni oʻrganadilar.
topic-ai_safety = Xavfsizlik va shaxsiy maʼlumotlar
meaning-ai_safety = Bu neyrotarmoqqa yoki internetdagi notanish odamga nimani aytmaslik kerakligi, kuchli parollar hamda soxta video yoki ovozni tanib olish haqida.
topic-ai_ethics = Mualliflik va halollik
meaning-ai_ethics = Bu qayerda oʻz mehnati, qayerda mashinaning ishi ekani, AI yordami qachon halol boʻlishi va undan foydalanilganini ochiq aytish haqida.
topic-study_with_ai = AI yordamida oʻqish
meaning-study_with_ai = Bolalar neyrotarmoqdan repetitor sifatida foydalanishni oʻrganadilar: u tushuntiradi, savol beradi, mashq tuzadi, yechishni esa bolaning oʻzi bajaradi.
topic-computer_vision = Kompyuter koʻrishi
meaning-computer_vision = Bu dastur rasm yoki videodagi narsani – yuz, buyum, harfni qanday tanishi haqida. Bolalar u buni qanday oʻrganishini va nega baʼzan birini boshqasi deb oʻylashini koʻradilar.
topic-chatbots = Oʻz chat-botini yaratish
meaning-chatbots = Chat-bot – xabarlar orqali suhbatlashadigan dastur. Bolalar u nima uchun kerakligini, nima deb javob berishini va javobni bilmasa nima deyishini oʻylab chiqadilar.
topic-ai_projects = AI bilan loyihalar
meaning-ai_projects = Bu yerda barcha koʻnikmalar birlashadi: bola kichik, haqiqiy vazifani tanlaydi, AI yordamida biror narsa yaratadi va boshqalarga koʻrsatadi.
