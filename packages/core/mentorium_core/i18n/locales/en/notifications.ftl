### Messages that nobody has asked for, and how a parent chooses among them.

report-folded = Also since the last report:
notify-off-achievement = Turn achievements off
notify-off-reminder = Turn reminders off
report-missed = { $name }: the report for { $period } may not have reached you. It is kept here.
report-missed-show = Show the report
settings-reports-button = Reports: which and when
settings-reports = Which reports shall I send, on which day and at what hour?

    Now: { $reports }

    Below: the tone of reports, and the language they come in (📘).
settings-often-both = For the week and for the month
settings-often-weekly = For the week only
settings-often-monthly = For the month only
settings-often-off = No reports
settings-hours-usual = Week 9:00, month 10:00
settings-report-weekly = for the week: { $weekday }, { $hour }
settings-report-monthly = for the month: on the 1st, { $hour }
settings-report-none = none; /report shows one at any time
settings-tone-warm = Warm
settings-tone-neutral = Neutral
settings-tone-brief = Brief
settings-ai-on = 🤖 Texts by AI: on
settings-ai-off = 🤖 Texts by AI: off
ai-switched-on = AI may write for you again: the words around the facts in reports, and answers in the chat. Such reports are marked 🤖; the figures in them are the platform's.
ai-switched-off = AI no longer writes reports or answers for you: all of it comes straight from the platform's data, and nothing is missing. /settings switches it on again.
settings-back = Back
settings-all = All settings
settings-achievement-on = Achievements: on
settings-achievement-off = Achievements: off
settings-reminder-on = Reminders: on
settings-reminder-off = Reminders: off
settings-subscription-on = Subscription: with sound
settings-subscription-off = Subscription: without sound
settings-payment-on = Payments: with sound
settings-payment-off = Payments: without sound
settings-said-achievement-on = Achievements are on again: finished courses, tests without a mistake, milestones.
settings-said-achievement-off = Achievements are off: I will not write about them. The reports still tell of them.
settings-said-reminder-on = Reminders are on again: teacher’s comments, work that is due, days without lessons.
settings-said-reminder-off = Reminders are off: I will not write about comments, work that is due or days without lessons. The reports still tell of them.
settings-said-subscription-on = Messages about the subscription come with sound again.
settings-said-subscription-off = Messages about the subscription come without sound.
settings-said-payment-on = Messages about payments come with sound again.
settings-said-payment-off = Messages about payments come without sound.
settings-undo-achievement-on = Turn achievements on
settings-undo-achievement-off = Turn achievements off
settings-undo-reminder-on = Turn reminders on
settings-undo-reminder-off = Turn reminders off
settings-undo-subscription-on = With sound
settings-undo-subscription-off = Without sound
settings-undo-payment-on = With sound
settings-undo-payment-off = Without sound
notify-reports = Which reports, and when
payment-said-again = You may have read this before: it is about one and the same payment, No. { $number }.
