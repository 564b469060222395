# Letters
mail-code-subject = Mentorium: код для входа
mail-code-text = Здравствуйте!

    Ваш код для помощника Mentorium в Telegram: { $code }

    Код действует { $minutes } минут. Никому его не сообщайте: сотрудники Mentorium никогда не спрашивают код. Если вы не запрашивали код, ничего делать не нужно.
mail-code-html = <div style="font:16px/1.5 sans-serif;max-width:30em"><p>Здравствуйте! Ваш код для помощника Mentorium в Telegram:</p><p style="font-size:32px;letter-spacing:6px"><b>{ $code }</b></p><p>Код действует { $minutes } минут. Никому его не сообщайте: сотрудники Mentorium никогда не спрашивают код.</p><p>Если вы не запрашивали код, ничего делать не нужно.</p></div>
