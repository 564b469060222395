### Messages that nobody has asked for, and how a parent chooses among them.

report-folded = Oxirgi hisobotdan beri yana:
notify-off-achievement = Yutuqlarni yubormang
notify-off-reminder = Eslatmalarni yubormang
report-missed = { $name }: { $period } hisoboti sizga yetib bormagan boʻlishi mumkin. U shu yerda saqlangan.
report-missed-show = Hisobotni koʻrsatish
