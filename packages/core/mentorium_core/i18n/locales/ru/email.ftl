### E-mail as a second channel: the letters, the page behind their link, and the switch in /settings.

email-report-subject = { $name }: { $kind ->
    [month] месяц учёбы, { $period }
   *[week] неделя учёбы, { $period }
}
email-notice-subject = Mentorium: ваша подписка
email-picture-alt = Те же цифры на графике
email-answers-in-chat = Есть вопросы? Помощник Mentorium ответит в Telegram.
email-notice-in-chat = Чтобы продлить её, откройте помощника Mentorium в Telegram: /subscribe
email-why = Это письмо пришло, потому что вы попросили о нём помощника Mentorium. Какие письма получать, выбирается там же: /settings
email-unsubscribe = Больше не присылать
email-unsubscribe-text = Больше не присылать: { $url }

email-page-title = Письма Mentorium
email-page-question = Больше не присылать вам письма Mentorium? Отчёты в Telegram останутся как были.
email-page-button = Больше не присылать
email-page-done = Готово: писем больше не будет. Если передумаете, их можно включить снова в помощнике Mentorium: /settings
email-page-over = Эта ссылка больше не действует. Какие письма получать, можно выбрать в помощнике Mentorium в Telegram: /settings
email-page-busy = Сейчас не получилось. Пожалуйста, откройте ссылку ещё раз через минуту.

email-settings-button = ✉️ Отчёты на почту
email-settings-on-always = Отчёты приходят и на почту: { $address }
email-settings-on-when-blocked =
    Пока вы читаете здесь, писем нет. Если вы заблокируете бота, отчёты и напоминание об окончании подписки придут на почту: { $address }
email-settings-off = Отчёты могут приходить и на почту: { $address }
email-settings-no-address = Отчёты могут приходить и на почту. Какой адрес ваш, я пока не знаю: отправлю на него код.
email-settings-consent = Выбирая, вы соглашаетесь, чтобы отчёты о вашем ребёнке отправлялись на этот адрес. В каждом письме есть ссылка, которая их отключает.
email-choose-always = Присылать каждый отчёт
email-choose-when-blocked = Только если я заблокирую бота
email-choose-off = Не присылать
email-choose-address = Другой адрес
email-ask-address = На какой адрес? Напишите его сюда. Я отправлю на него код из шести цифр.
email-ask-code =
    Код отправлен на { $address }
    Напишите его сюда в течение десяти минут; если письма нет, загляните в спам.
email-left = Хорошо, адрес остаётся прежним.
email-leave = Не менять
email-not-offered = Сейчас почту выбрать нельзя.
email-off-refused = Письма на { $address } отключены: почтовый сервер отказался принять два подряд. Другой адрес можно указать в /settings. Отчёты здесь приходят как прежде.
email-off-address-gone = Письма на { $address } отключены: на Mentorium это больше не ваш подтверждённый адрес. Выбрать заново можно в /settings. Отчёты здесь приходят как прежде.
