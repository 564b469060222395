### Umidsizlik yoki xavf haqida yozgan kishi oʻqiydigan matnlar. Ularni odamlar yozgan, model oʻzgartirmaydi.

crisis-own_despair = Sizga hozir juda ogʻir ekan, chin dildan achinaman. Bu haqda yozganingiz yaxshi: bu zaiflik emas.

    Men dasturman va tirik odamning oʻrnini bosa olmayman. Iltimos, hoziroq kim bilandir gaplashing: yaqin odamingizga qoʻngʻiroq qiling, yoningizda boʻlishini soʻrang.

    Oʻzingizga zarar yetkazib qoʻyish xavfi boʻlsa, yolgʻiz qolmang. Tez yordam chaqiring yoki sizni eng yaqin shifoxonaga olib borishlarini soʻrang. Xavfli narsalarni uzoqroqqa olib qoʻying.

    Bunday holat oʻtib ketadi va bunda yordam bera oladigan odamlar bor.
crisis-child_despair = Farzandingiz haqida yozganingiz juda jiddiy. Buni payqab, soʻrayotganingiz juda toʻgʻri.

    Hoziroq nima qilish kerak:
    • Yonida boʻling, uni yolgʻiz qoldirmang.
    • Oʻlim yoki oʻziga zarar yetkazish haqida oʻylayaptimi, xotirjam va ochiq soʻrang. Bunday savol turtki bermaydi, aksincha gapirishga yordam beradi.
    • Tinglang. Urishmang, bahslashmang, sir saqlashga vaʼda bermang. «Men yoningdaman, birga yengib oʻtamiz», deng.
    • Dori-darmon, oʻtkir va xavfli narsalarni olib qoʻying, derazalarni yoping.
    • Xavf yaqin boʻlsa yoki oʻziga zarar yetkazgan boʻlsa, darhol tez yordam chaqiring.

    Keyin farzandingizni shifokor yoki psixologga koʻrsating, oʻtib ketgandek tuyulsa ham. Oʻzingizni ham asrang: sizga ham tayanch kerak.
crisis-despair = Siz yozgan narsa bilan yolgʻiz qolib boʻlmaydi. Buni aytganingiz yaxshi.

    Gap oʻzingiz haqingizda boʻlsa: hoziroq kim bilandir gaplashing, yaqin odamingizdan yoningizda boʻlishini soʻrang. Xavfli narsalarni uzoqroqqa olib qoʻying.

    Gap farzandingiz haqida boʻlsa: yonida boʻling, yolgʻiz qoldirmang. Oʻlim haqida oʻylayaptimi, xotirjam va ochiq soʻrang, tinglang, urishmang. Dori-darmon va xavfli narsalarni olib qoʻying.

    Xavf yaqin boʻlsa, darhol tez yordam chaqiring. Bunday holat oʻtib ketadi va bunda yordam bera oladigan odamlar bor.
crisis-danger = Siz kimgadir xavf tugʻilgani haqida yozyapsiz. Hozir xavfsizlik hammasidan muhim.

    • Xavf shu daqiqada boʻlsa, politsiya yoki tez yordam chaqiring va farzandingiz bilan xavfsiz joyga keting.
    • Farzandingiz jabr koʻrgan boʻlsa: unga ishoning, aybi yoʻqligini ayting, tafsilotlarni surishtirmang, buni mutaxassislar qiladi. Shifokorga murojaat qiling.
    • Xabarlar va ekran suratlarini saqlang, tahdid qilayotganlarga pul toʻlamang va javob bermang.
    • Farzandingizga qoʻl koʻtarib qoʻyishdan qoʻrqsangiz: boshqa xonaga chiqing va boshqa kattadan uning yonida boʻlishni soʻrang.
    • Bu haqda oʻzingiz ishonadigan odamga ayting.
crisis-flagged = Avtomatik tekshiruvga bu xabar ogʻir tuyuldi, shuning uchun dastur unga javob bermaydi. Tekshiruv xato qilishi ham mumkin.

    Hozir kimdir qiynalayotgan boʻlsa yoki xavf bor boʻlsa, hoziroq tirik odam bilan gaplashing.
crisis-lines = Qayerga qoʻngʻiroq qilish mumkin:
    { $lines }
crisis-no-lines = Tez yordam yoki favqulodda xizmatga qoʻngʻiroq qiling yoxud eng yaqin shifoxonaga boring.
crisis-contact = Bizga yozish mumkin: { $contact }
crisis-staff = Jamoamizga sizga yordam kerakligi maʼlum boʻldi: faqat Telegramdagi raqamingiz, soʻzlaringizsiz. Sizga yozishlari mumkin.
crisis-go-on = Gap boshqa narsa haqida boʻlsa, iltimos, boshqacha soʻzlar bilan soʻrang, oʻqish haqidagi suhbatni davom ettiramiz.
