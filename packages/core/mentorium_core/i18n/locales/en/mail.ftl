# Letters
mail-code-subject = Mentorium: your code
mail-code-text = Hello!

    Your code for the Mentorium assistant in Telegram: { $code }

    The code works for { $minutes } minutes. Please share it with nobody: Mentorium staff never ask for it. If you did not ask for a code, ignore this e-mail.
mail-code-html = <div style="font:16px/1.5 sans-serif;max-width:30em"><p>Hello! Your code for the Mentorium assistant in Telegram:</p><p style="font-size:32px;letter-spacing:6px"><b>{ $code }</b></p><p>The code works for { $minutes } minutes. Please share it with nobody: Mentorium staff never ask for it.</p><p>If you did not ask for a code, ignore this e-mail.</p></div>
