# Letters
mail-code-subject = Mentorium: kirish kodi
mail-code-text = Assalomu alaykum!

    Telegramdagi Mentorium yordamchisi uchun kodingiz: { $code }

    Kod { $minutes } daqiqa amal qiladi. Uni hech kimga bermang: Mentorium xodimlari kodni hech qachon soʻramaydi. Agar kodni siz soʻramagan boʻlsangiz, bu xatga eʼtibor bermang.
mail-code-html = <div style="font:16px/1.5 sans-serif;max-width:30em"><p>Assalomu alaykum! Telegramdagi Mentorium yordamchisi uchun kodingiz:</p><p style="font-size:32px;letter-spacing:6px"><b>{ $code }</b></p><p>Kod { $minutes } daqiqa amal qiladi. Uni hech kimga bermang: Mentorium xodimlari kodni hech qachon soʻramaydi.</p><p>Agar kodni siz soʻramagan boʻlsangiz, bu xatga eʼtibor bermang.</p></div>
