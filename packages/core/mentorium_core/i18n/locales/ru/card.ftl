### Renewal by a saved card: the page on which it is given, and what the chat says of it.

card-page-title = Mentorium: продление картой
card-page-heading = Продление картой
card-page-plan = { $tariff } – { $price }
card-page-next-charge = Следующее списание: { $day }
card-page-safety = Номер карты уходит с этой страницы прямо в Payme. Mentorium его не видит и хранит только четыре последние цифры.
card-page-number = Номер карты
card-page-number-hint = 16 цифр, как на карте
card-page-expiry = Срок действия
card-page-expiry-hint = Месяц и год: ММ/ГГ
card-page-consent = Я даю согласие на то, чтобы Mentorium сам списывал с этой карты за день до конца оплаченных дней: { $price } за { $tariff }, каждый раз заново, пока я не отключу. За три дня в чате будут названы сумма и день. Отключить можно в любой момент: /subscription в чате.
card-page-continue = Продолжить
card-page-code = Код из СМС
card-page-code-hint = Payme отправил его на { $phone }
card-page-confirm = Сохранить карту
card-page-resend = Отправить код ещё раз
card-page-resend-in = Код можно отправить ещё раз через { $seconds } с
card-page-other-card = Ввести другую карту
card-page-working = Секунду…
card-page-done-heading = Карта сохранена
card-page-done = Следующее списание: { $day }, { $price }. Страницу можно закрыть: всё об этом есть в чате, в /subscription.
card-page-again = Попробовать ещё раз
card-page-powered = Powered by
card-page-offer = Публичная оферта Payme
card-page-noscript = Этой странице нужен JavaScript: он отправляет карту в Payme, не показывая её нам. Включите его или откройте ссылку в другом браузере.
card-page-over-heading = Эта ссылка больше не работает
card-page-over = Ссылка открывает страницу один раз, в течение 15 минут. Ничего не списано. Новая есть в чате, в /subscription.
card-page-busy-heading = Подождите минуту
card-page-busy = Открыть страницу сейчас не получилось. Перейдите по ссылке через минуту; если её срок выйдет, новая есть в чате, в /subscription.
card-page-error-number = Проверьте номер: в нём 16 цифр.
card-page-error-expiry = Проверьте месяц и год: четыре цифры, например 05/27.
card-page-error-consent = Без вашего согласия ничего не спишется, и сохранять нечего. Если согласны, поставьте галочку; если нет, просто закройте страницу.
card-page-error-code = В коде шесть цифр.
card-page-error-card = Payme не узнаёт эту карту. Проверьте номер и срок.
card-page-error-card-closed = Эта карта не подойдёт: она заблокирована, просрочена или к ней не подключены СМС. СМС подключит банк; подойдёт и другая карта.
card-page-error-code-wrong = Код не тот. Посмотрите в СМС ещё раз.
card-page-error-code-old = Этот код устарел. Попросите новый.
card-page-error-code-tries = Слишком много неверных кодов. Попросите новый.
card-page-error-sms = Payme не смог отправить СМС. Попробуйте через минуту.
card-page-error-payme = Payme сейчас не отвечает. Ничего не списано; попробуйте через минуту.
card-page-error-save = Payme знает карту, но сохранить её у нас сейчас не получилось. Ничего не списано; попробуйте ещё раз.
card-page-error-refused = Payme не разрешает списывать с этой карты повторно. Попробуйте другую.
card-page-error-no-subscription = Сейчас нет оплаченных дней, которые можно продлить, или они уже продлеваются сами. Ничего не сохранено. Всё об этом: /subscription в чате.

card-on-button = Продлевать картой автоматически
card-change-button = Другая карта
card-open-button = Открыть страницу карты
card-offer = Подписка ({ $tariff }) может продлеваться сама, { $price } каждый раз: в первый раз { $day }, за день до конца оплаченных дней. За три дня я напишу, а отключить можно в любой момент.

    Карта вводится на странице, которая отправляет её прямо в Payme; мы храним только четыре последние цифры. Ссылка работает один раз, 15 минут.
card-change-offer = Сейчас списывается с карты { $card }. Когда вы сохраните другую, она займёт её место, а старую Payme забудет.

    Ссылка работает один раз, 15 минут.
card-too-many-links = За час уже сделано несколько ссылок. Вернитесь через час: /subscription
card-saved = Готово: подписка ({ $tariff }) продлевается сама картой { $card }. Следующее списание: { $day }, { $price }. За три дня напомню. Если карту сохранили не вы, отключите:
card-next-charge = Следующее списание: { $day }, { $price } (карта { $card }).
card-in-doubt = Списание { $price } с карты { $card } ещё не завершилось. Как только станет ясно, чем оно кончилось, я напишу; больше одного раза оно не пройдёт.
card-standing = Карта { $card } сохранена для продления; сейчас продлевать нечего.
card-is-off-now = Готово: больше ничего не спишется, карта { $card } удалена. Всё, что вы оплатили, открыто до { $day }
card-is-off-now-without-days = Готово: больше ничего не спишется, карта { $card } удалена.
