// Слова страницы по-русски.

export default {
  "page.title": "Песочница Mentorium", "skip": "К строке ввода", "language": "Язык этой страницы",
  "banner.sandbox": "Песочница.", "banner.words": "Telegram, OpenAI и школа — дублёры на этой машине, а бот настоящий.",
  "ok": "Хорошо", "cancel": "Отмена", "close": "Закрыть", "send": "Отправить", "copied": "Скопировано", "theme": "Оформление", "theme.auto": "как в системе", "theme.light": "светлое", "theme.dark": "тёмное",
  "layout.to_phone": "Показать чат в телефоне", "layout.to_wide": "Показать чат широко", "shortcuts": "Клавиши",
  "keys.write": "Написать сообщение", "keys.parents": "Предыдущий или следующий родитель", "keys.layout": "Телефон или широкий вид", "keys.line": "Новая строка", "keys.photos": "Предыдущее или следующее фото",

  "parents": "Родители", "parents.new": "Новый родитель", "parents.add": "Добавить", "parents.find": "Найти родителя", "parents.more": "и ещё {count}: ищите по имени или id", "parents.unread": "непрочитанных",
  "parents.blocked": "бот заблокирован", "parents.no_phone": "без телефона", "parents.name": "Имя", "parents.language": "Язык", "parents.phone": "Телефон",
  "parents.about_new": "Пользователь Telegram, с которым бот ещё не знаком. Этот номер отправит кнопка «поделиться контактом».",

  "chat": "Чат с ботом", "chat.as": "Вы пишете от имени этого родителя", "chat.bot": "бот", "chat.messages": "Сообщения", "chat.message": "Сообщение", "chat.placeholder": "Сообщение", "chat.start": "НАЧАТЬ", "chat.restart": "РАЗБЛОКИРОВАТЬ И НАЧАТЬ",
  "chat.empty": "Здесь пока ничего нет. Нажмите «Начать» внизу.", "chat.what_can": "Что умеет этот бот?", "chat.down": "К новым сообщениям", "chat.commands": "Команды бота", "chat.no_commands": "Бот не задал команд.",
  "chat.attach": "Прикрепить", "chat.keyboard": "Клавиатура бота", "chat.buttons": "Кнопки", "chat.stop": "Стоп", "chat.writing": "Пишется:", "chat.thinking": "думает", "chat.reply_to": "В ответ на: {words}", "chat.alert": "Сообщение бота",
  "attach.photo": "Фото", "attach.voice": "Голосовое сообщение", "attach.own_contact": "Мой контакт", "attach.other_contact": "Чужой контакт", "attach.sticker": "Стикер",

  "action.typing": "печатает…", "action.upload_photo": "отправляет фото…", "action.upload_document": "отправляет файл…", "action.record_voice": "записывает голосовое…", "action.upload_voice": "отправляет голосовое…",
  "action.record_video": "записывает видео…", "action.upload_video": "отправляет видео…", "action.choose_sticker": "выбирает стикер…", "action.find_location": "ищет место…", "action.record_video_note": "записывает видео…", "action.upload_video_note": "отправляет видео…",

  "message.you": "Вы", "message.edited": "изменено", "message.forwarded": "Переслано от {name}", "message.spoiler": "Скрытый текст, нажмите, чтобы открыть", "message.copy": "Копировать", "message.code": "код", "message.more": "Показать полностью", "message.less": "Свернуть",
  "message.location": "Место", "message.contact": "Контакт", "message.poll": "Анонимный опрос", "message.quiz": "Викторина", "message.unknown": "Эта страница не умеет показывать такое сообщение",
  "service.pinned": "{name}: закреплено «{words}»", "service.paid": "Оплата {amount} прошла", "service.refunded": "Возвращено {amount}", "service.write_access": "Бот может вам писать", "service.web_app": "Данные из «{name}» отправлены боту", "service.shared": "Бот получил выбранные чаты",
  "kind.photo": "Фото", "kind.video": "Видео", "kind.animation": "Анимация", "kind.voice": "Голосовое сообщение", "kind.audio": "Музыка", "kind.document": "Файл", "kind.sticker": "Стикер", "kind.location": "Место", "kind.venue": "Место", "kind.contact": "Контакт", "kind.poll": "Опрос", "kind.invoice": "Счёт", "kind.dice": "Кубик", "kind.video_note": "Видеосообщение",
  "photo.open": "Открыть фото", "photo.previous": "Предыдущее фото", "photo.next": "Следующее фото", "photo.send": "Отправить это фото?", "photo.unreadable": "Браузер не может прочитать этот файл как изображение.", "file.download": "Скачать",
  "voice.play": "Слушать", "voice.pause": "Пауза", "voice.position": "Позиция", "voice.silent": "В этом сообщении нет звука.", "voice.title": "Голосовое сообщение", "voice.record": "Записать", "voice.end": "Закончить запись", "voice.again": "Записать заново", "voice.preview": "Прослушать перед отправкой", "voice.file": "Или звуковой файл",
  "voice.spoken": "Что в нём сказано", "voice.why_spoken": "Эти слова услышит дублёр распознавания речи. Достаточно и одних слов: тогда вместо звука будет тишина.", "voice.no_microphone": "Микрофон недоступен. Выберите звуковой файл или просто напишите, что сказано.", "voice.nothing": "Запишите что-нибудь, выберите файл или напишите, что сказано.",

  "button.unknown": "Песочница не умеет того, о чём просит эта кнопка.", "link.open": "Открыть ссылку?", "link.go": "Открыть", "link.copy": "Копировать ссылку", "link.into_bot": "Ссылка ведёт в бота. Кто её откроет?", "link.as": "Родитель",
  "app.later": "Мини-приложения появятся в следующих версиях песочницы. Открылся бы этот адрес:",
  "pay.title": "Оплата", "pay.now": "Оплатить {amount}", "pay.sandbox": "Деньги ненастоящие: это песочница.", "pay.later": "Оплата появится вместе с кассой, в одной из следующих версий песочницы.",
  "contact.share": "Поделиться номером телефона?", "contact.will_see": "Бот увидит номер {phone} ({name}).", "contact.share_now": "Поделиться", "contact.no_phone": "У этого родителя нет телефона. Добавьте родителя с телефоном.", "contact.other": "Переслать контакт", "contact.name": "Имя", "contact.phone": "Телефон",

  "controls": "Управление", "section.clock": "Часы", "section.parent": "Этот родитель", "section.school": "В школе", "section.faults": "Сбои", "section.parts": "Части", "section.behind": "За кулисами",
  "clock.day": "+1 день", "clock.monday": "Понедельник", "clock.first": "1-е число", "clock.month": "+30 дней", "clock.moving": "Время идёт…", "clock.ran": "Сработало: {jobs}", "clock.nothing": "ничего не требовалось",
  "parent.id": "Telegram id", "parent.guardian": "Учётная запись в школе", "parent.no_account": "пока нет", "parent.tariff": "Тариф", "parent.grant": "Выдать", "parent.block": "🚫 Заблокировать бота", "parent.unblock": "✅ Разблокировать бота",
  "tariff.monthly": "месяц", "tariff.quarterly": "три месяца", "tariff.annual": "год",
  "school.connect": "Подключить Telegram", "school.connect_note": "как кнопка на платформе", "school.enrol": "Записать ребёнка", "school.enrol_note": "и прийти с ним в бота", "school.enrol_words": "Новый ребёнок в школе, записанный на первый курс. Родитель сразу переходит по ссылке в бота.", "school.enrol_now": "Записать", "school.first_name": "Имя", "school.last_name": "Фамилия",
  "school.child": "Ребёнок", "school.nobody": "в школе пока никого", "school.lesson": "Урок", "school.test": "Тест", "school.award": "Награда", "school.hour": "Час учёбы", "school.test_title": "Дроби", "school.title": "Название", "school.score": "Баллы", "school.most": "из", "school.grade": "Оценить",
  "school.no_account": "У этого родителя ещё нет учётной записи в школе: сначала запишите ребёнка.", "school.no_child": "У этого родителя ещё нет ребёнка в школе: сначала запишите его.", "school.done": "{child}: {what}",
  "target.telegram": "Telegram", "target.openai": "OpenAI", "target.smtp": "Почта", "target.platform_db": "База школы", "target.bot_db": "База бота", "target.redis": "Redis", "target.payme": "PayMe", "target.click": "Click",
  "fault.status_429": "слишком много запросов (429)", "fault.status_500": "ошибка сервера (500)", "fault.timeout": "нет ответа", "fault.drop_response": "ответ теряется", "fault.slow": "ответ на 3 с позже", "fault.down": "недоступен", "fault.stream_cut": "поток обрывается", "fault.corrupt_chunk": "испорченный кусок", "fault.stall": "поток замирает", "fault.quota": "квота исчерпана",
  "faults.target": "Кто", "faults.kind": "Что", "faults.times": "Сколько раз", "faults.match": "Только этот вызов", "faults.add": "Пусть случится", "faults.clear": "Убрать все", "faults.limiter": "Лимиты Telegram", "faults.limiter_note": "30 вызовов в секунду, 1 на чат",
  "parts.well": "работает", "parts.ill": "не работает", "parts.kill": "Уронить (запустится снова)", "parts.stop": "Остановить", "parts.start": "Запустить",
  "drawer.mailbox": "Почта", "drawer.calls": "Вызовы Bot API", "drawer.model": "Запросы к модели", "drawer.sentry": "Ошибки (Sentry)", "drawer.metrics": "Метрики", "drawer.admin": "Админка", "drawer.mini_app": "Мини-приложение",
  "drawer.find": "Найти", "drawer.refresh": "Прочитать заново", "drawer.page": "Отдельной страницей", "drawer.empty": "Здесь пусто.", "later": "В этой песочнице этого ещё нет.",
};
