# Exported data
export-title = Your data
export-intro = Everything that the Mentorium assistant holds about you on { $date }. The child's results are not here: they are kept on the Mentorium platform.
export-table-parents = Account
export-table-guardian-links = Link with the account on the platform
export-table-learners = Children
export-table-consents = Consents
export-table-used-link-codes = Links that were used
export-table-email-codes = Awaited code
export-table-invitations = Invitations
export-table-join-requests = Requests to join the family
export-table-subscriptions = Subscriptions
export-table-subscription-grants = Subscriptions given without payment
export-table-payments = Payments
export-table-dialogs = Conversations
export-table-notifications = Notifications
export-table-report-history = Reports
export-table-event-logs = Journal of actions
