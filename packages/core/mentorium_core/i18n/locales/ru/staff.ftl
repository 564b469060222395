### Что слышит команда в своём чате. Слов родителей здесь нет.

staff-crisis = 🆘 Родителю нужна поддержка
staff-crisis-line = { $what }
    Родитель { $id }, язык: { $speaks }, { $at }
    tg://user?id={ $id }
staff-crisis-do = Слова не хранятся. Родитель получил готовый ответ с телефонами помощи. Напишите ему бережно, не расспрашивая.
staff-event-crisis_own_despair = Пишет о собственном отчаянии
staff-event-crisis_child_despair = Пишет об отчаянии ребёнка
staff-event-crisis_despair = Пишет об отчаянии, своём или ребёнка
staff-event-crisis_danger = Пишет, что кому-то грозит опасность
staff-event-crisis_flagged = Сообщение задержано автоматической проверкой, она может ошибаться
staff-news = ⚠️ Бот: нужно посмотреть
staff-news-line = • { $what } ({ $name }): { $count }
staff-event-update_set_aside = Сообщения родителей отложены, посмотреть: mentorium inbox
staff-event-job_held = Задания отложены после последней попытки, посмотреть: pgq failed
staff-event-question_given_up = Вопросы остались без ответа
staff-event-stars_disagree = Деньги: платежи Stars не сходились с Telegram
staff-event-stars_balance_disagrees = Деньги: баланс Stars не сходится
staff-event-stars_not_returned = Деньги: Stars не возвращены
staff-event-stars_renewal_not_told = Деньги: Telegram не узнал об автопродлении
staff-event-books_disagree = Деньги: ночная сверка книг нашла расхождения
staff-event-refund_failed = Деньги: возврат не прошёл
staff-event-paid_broadcast_disagrees = Деньги: платная рассылка не сходится
staff-event-paid_broadcast_refused = Деньги: Telegram не принимает рассылку как платную; она идёт дальше с бесплатной скоростью
staff-event-mail_refused_to_all = Почтовый сервер отклоняет все письма; проверьте его настройки
staff-event-clock_wrong = Часы сервера неверны: отчёты и продления не начинаются
staff-event-unknown = Событие
