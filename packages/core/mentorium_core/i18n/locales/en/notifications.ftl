### Messages that nobody has asked for, and how a parent chooses among them.

report-folded = Also since the last report:
notify-off-achievement = Turn achievements off
notify-off-reminder = Turn reminders off
report-missed = { $name }: the report for { $period } may not have reached you. It is kept here.
report-missed-show = Show the report
