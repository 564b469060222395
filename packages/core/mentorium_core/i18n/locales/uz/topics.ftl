# What a parent who knows nothing about AI can do with the child in ten minutes, and what to ask.
# Three actions and two questions a topic; the code of the topic is the platform's.

action-ai_basics-1 = uydan sunʼiy intellekt ishlaydigan uchta narsani topib, sababini aytib berishni soʻrang.
action-ai_basics-2 = oʻynang: siz bir qurilmani aytasiz, farzandingiz unda sunʼiy intellekt bor-yoʻqligini va buni qanday bilganini aytadi.
action-ai_basics-3 = neyrotarmoq nimaligini buvi tushunadigan bitta oddiy gap bilan aytib berishni soʻrang.
question-ai_basics-1 = Neyrotarmoq oddiy dasturdan nimasi bilan farq qiladi?
question-ai_basics-2 = Neyrotarmoq odamdan nimani yaxshiroq, nimani yomonroq qiladi?

action-how_networks_learn-1 = neyrotarmoq misollardan qanday oʻrganishini oʻyinchoq yoki kartochkalarda koʻrsatishni soʻrang.
action-how_networks_learn-2 = bir qoida oʻylab, «mos» va «mos emas» misollarni koʻrsating: farzandingiz uni neyrotarmoq kabi topsin.
action-how_networks_learn-3 = misollardan javobgacha boʻlgan yoʻlni qogʻozga chizib, rasm boʻyicha aytib berishni soʻrang.
question-how_networks_learn-1 = Nega neyrotarmoqqa shuncha koʻp misol kerak?
question-how_networks_learn-2 = Neyrotarmoqni notoʻgʻri misollar bilan oʻrgatsak, nima boʻladi?

action-data_quality-1 = uydagi narsalarni birga guruhlarga ajrating va hech qaysi guruhga tushmagan narsani muhokama qiling.
action-data_quality-2 = istalgan jadval yoki xaridlar roʻyxatini ochib, undagi boʻsh joy yoki xatoni topishni soʻrang.
action-data_quality-3 = oila uchun kichik soʻrovnoma tuzing va kimning javobini tushirib qoldirib boʻlmasligini hal qiling.
question-data_quality-1 = Maʼlumotga ishonsa boʻlishini qanday bilasan?
question-data_quality-2 = Neyrotarmoqni oʻrgatish uchun qaysi maʼlumotlar yaramaydi?

action-text_prompts-1 = bitta topshiriq bering: farzandingiz uni neyrotarmoqqa avval yomon, keyin yaxshi yozsin; javoblarni solishtiring.
action-text_prompts-2 = soʻrovingizni yaxshilashni soʻrang: rol, misol va javob koʻrinishini qoʻshsin.
action-text_prompts-3 = yaqin inson uchun neyrotarmoq bilan birga tabrik yozing; soʻrov matnini farzandingiz tanlasin.
question-text_prompts-1 = Javob aniqroq boʻlishi uchun soʻrovga nima qoʻshasan?
question-text_prompts-2 = Qaysi soʻroving eng yaxshi ishladi?

action-image_prompts-1 = bir narsani nomini aytmay tasvirlang, farzandingiz chizsin; keyin rollarni almashtiring.
action-image_prompts-2 = istalgan rasmni oling: farzandingiz shunday tavsif tuzsinki, unga qarab rasmni qayta chizsa boʻlsin.
action-image_prompts-3 = neyrotarmoq chizgan rasmni tanlab, undagi gʻalati joylarni birga qidiring: barmoqlar, soyalar, yozuvlar.
question-image_prompts-1 = Qaysi soʻzlar rasmni eng koʻp oʻzgartiradi?
question-image_prompts-2 = Rasmni neyrotarmoq chizganini qaysi belgilardan bilsa boʻladi?

action-fact_checking-1 = neyrotarmoqning bitta javobini koʻrsatib, undagi xatoni topishni soʻrang.
action-fact_checking-2 = istalgan yangilikni tanlab, uni ikki xil manbadan birga tekshiring.
action-fact_checking-3 = bitta toʻgʻri va bitta toʻqima fakt ayting; farzandingiz toʻqimasini topib, tekshirish yoʻlini koʻrsatsin.
question-fact_checking-1 = Neyrotarmoq faktni toʻqib chiqarganini qanday bilasan?
question-fact_checking-2 = Javob gʻalati koʻrinsa, uni qayerdan tekshirasan?

action-ai_safety-1 = neyrotarmoqqa aytib boʻlmaydigan narsalarning qisqa roʻyxatini birga tuzing va kompyuter yoniga osib qoʻying.
action-ai_safety-2 = bitta ilovaning sozlamalarini ochib, unga qaysi maʼlumotlarga ruxsat berilganini birga koʻring.
action-ai_safety-3 = xabardagi kodni soʻrayotgan firibgar qoʻngʻirogʻini oʻynang; farzandingiz muloyim va qatʼiy rad etsin.
question-ai_safety-1 = Neyrotarmoq bilan suhbatda oʻzing haqingda nimani yozib boʻlmaydi?
question-ai_safety-2 = Notanish odam suratingni soʻrasa, nima qilasan?

action-ai_ethics-1 = bitta misolni muhokama qiling: matnni neyrotarmoq yozib, odam tuzatgan boʻlsa, bu kimning ishi?
action-ai_ethics-2 = neyrotarmoq yordamida qilingan ishni koʻrsatishni soʻrang va odam nima, mashina nima qilganini birga yozing.
action-ai_ethics-3 = oilaviy qoida kelishing: neyrotarmoqdan qachon yordam soʻrash mumkin, qachon usiz qilgan maʼqul.
question-ai_ethics-1 = Oʻqishda neyrotarmoqdan foydalanish qachon halol, qachon emas?
question-ai_ethics-2 = Neyrotarmoq chizgan rasmning muallifi kim?

action-study_with_ai-1 = farzandingiz maktab fani boʻyicha savolni neyrotarmoqqa shunday bersinki, u yechib bermay, tushuntirsin.
action-study_with_ai-2 = maktabdagi qiyin mavzuni tanlab, neyrotarmoqdan kichik test tuzishni birga soʻrang.
action-study_with_ai-3 = farzandingiz neyrotarmoqning oxirgi tushuntirishini oʻz soʻzlari bilan aytsin; siz faqat tinglab, savol bering.
question-study_with_ai-1 = Neyrotarmoq oʻqishingda nimada yordam berdi?
question-study_with_ai-2 = Neyrotarmoq sening oʻrningga yechmay, tushuntirishi uchun nima qilasan?

action-computer_vision-1 = telefon kamerasiga turli narsalarni koʻrsating va qayerda adashishini muhokama qiling.
action-computer_vision-2 = rasmning bir qismini qoʻl bilan yoping: navbat bilan toping va qaysi belgi yordam berganini ayting.
action-computer_vision-3 = kamera odam yoki mashinani «taniydigan» uchta joyni birga toping va nega kerakligini muhokama qiling.
question-computer_vision-1 = Kompyuter mushukni itdan qanday ajratadi?
question-computer_vision-2 = Nega kamera baʼzan adashadi?

action-chatbots-1 = oʻz chat-botini koʻrsatishni soʻrang va unga kutilmagan uchta savol bering.
action-chatbots-2 = suhbatni oʻynang: siz xaridor, farzandingiz doʻkon chat-boti; keyin bot qayerda adashganini toping.
action-chatbots-3 = bot bilan suhbat sxemasini chizishni soʻrang: salom, savol, javob, xayrlashuv.
question-chatbots-1 = Bot javobni bilmasa, nima deyishi kerak?
question-chatbots-2 = Oilamiz uchun qanday bot qilishni xohlaysan?

action-ai_projects-1 = loyihasini koʻrsatib, u qanday vazifani kim uchun hal qilishini aytib berishni soʻrang.
action-ai_projects-2 = loyihaning bitta kichik keyingi qadamini birga tanlang va qogʻozga yozing.
action-ai_projects-3 = loyihaning birinchi foydalanuvchisi boʻling: sinab koʻrib, bitta yutuq va bitta qiyinchilikni ayting.
question-ai_projects-1 = Loyihang oilamizdagi qaysi vazifani hal qila oladi?
question-ai_projects-2 = Loyihangning eng qiyin qadami qaysi?

# For topics we do not know, and when a topic's own actions were all used lately.
action-any-1 = bu mavzuni siz birinchi marta eshitayotgandek tushuntirib berishni soʻrang.
action-any-2 = shu mavzudagi bitta testni birga oching va xato boʻlgan savolni koʻrib chiqing.
action-any-3 = shu mavzuda siz uchun bitta savol oʻylab topishni soʻrang va javobni birga baholang.
action-any-4 = mavzuning oddiy sxemasini bir varaqqa birga chizing va koʻrinadigan joyga osing.
action-any-5 = shu mavzuga kundalik hayotdan bitta misolni birga toping.
action-any-6 = mavzuning eng qiyin joyini koʻrsatishni soʻrang va uni birga ovoz chiqarib oʻqing.
action-any-7 = rollarni almashtiring: farzandingiz ustoz, siz oʻquvchi, mavzu oʻsha.
action-any-8 = mavzu boʻyicha beshta soʻzdan iborat eslatma tuzib, har birini tushuntirishni soʻrang.

# When work is past its due date
action-overdue-1 = vazifalar roʻyxatini birga oching va boshlashga eng oson boʻlganini tanlang.
action-overdue-2 = bitta vazifa uchun qulay vaqtni birga belgilang va eslatma qoʻying.
action-overdue-3 = vazifani topshirishga nima xalaqit berayotganini soʻrang va birinchi kichik qadamni birga yozing.
action-overdue-4 = vazifalardan birini birga boshlang: shartini ovoz chiqarib oʻqing va birinchi bandini bajaring.

# When there was less study than before
action-habit-1 = dars uchun doimiy vaqtni birga tanlang va taqvimda belgilang.
action-habit-2 = keyingi darsni oching va faqat boshini birga koʻring.
action-habit-3 = kursda hozir eng qizigʻi nima ekanini soʻrang va aynan shundan boshlang.
action-habit-4 = dars joyini birga tayyorlang: telefonsiz va ortiqcha oynalarsiz.
action-habit-5 = kechki ovqatdan keyin birga bitta qisqa darsdan boshlang.
action-habit-6 = yetti katakli jadval chizing va dars boʻlgan kunlarni boʻyang.
action-habit-7 = dars vaqtida butun oilaning telefonlarini boshqa xonaga qoʻying.
action-habit-8 = shu hafta qaysi paytda dars oson kechganini soʻrang va oʻsha vaqtni takrorlang.

question-any-1 = Darslaringdan nimani menga koʻrsatging keladi?
question-any-2 = Nima eng qiziq, nima eng qiyin boʻldi?
question-any-3 = Kursingdan menga nimani oʻrgata olasan?
question-any-4 = Hozir oʻrganayotganing qayerda asqotadi?
