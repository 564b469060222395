# Exported data
export-title = Данные о вас
export-intro = Всё, что помощник Mentorium хранит о вас на { $date }. Результатов ребёнка здесь нет: они хранятся на платформе Mentorium.
export-table-parents = Учётная запись
export-table-guardian-links = Связь с учётной записью платформы
export-table-learners = Дети
export-table-consents = Согласия
export-table-used-link-codes = Использованные ссылки
export-table-email-codes = Ожидаемый код
export-table-invitations = Приглашения
export-table-join-requests = Просьбы вступить в семью
export-table-subscriptions = Подписки
export-table-subscription-grants = Подписки, данные без оплаты
export-table-payments = Платежи
export-table-dialogs = Разговоры
export-table-notifications = Уведомления
export-table-report-history = Отчёты
export-table-event-logs = Журнал действий
