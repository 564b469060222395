### What the team hears in its own chat. None of a parent's words stand here.

staff-crisis = 🆘 A parent needs support
staff-crisis-line = { $what }
    Parent { $id }, writes in: { $speaks }, { $at }
    tg://user?id={ $id }
staff-crisis-do = The words are not kept. The parent has the fixed answer with the help lines. Please write to them with care, without questioning.
staff-event-crisis_own_despair = Writes of their own despair
staff-event-crisis_child_despair = Writes of a child's despair
staff-event-crisis_despair = Writes of despair, their own or a child's
staff-event-crisis_danger = Writes that somebody is in danger
staff-event-crisis_flagged = A message was held back by the automatic check, which can be wrong
staff-news = ⚠️ The bot: somebody has to look
staff-news-line = • { $what } ({ $name }): { $count }
staff-event-update_set_aside = Messages of parents were set aside; look with: mentorium inbox
staff-event-job_held = Jobs were set aside after their last try; look with: pgq failed
staff-event-question_given_up = Questions were left without an answer
staff-event-stars_disagree = Money: payments in Stars did not agree with Telegram
staff-event-stars_balance_disagrees = Money: the balance of Stars does not add up
staff-event-stars_not_returned = Money: Stars were not returned
staff-event-stars_renewal_not_told = Money: Telegram was not told of a renewal
staff-event-books_disagree = Money: the nightly check found what does not agree
staff-event-refund_failed = Money: a refund failed
staff-event-paid_broadcast_disagrees = Money: a paid broadcast does not add up
staff-event-paid_broadcast_refused = Money: Telegram does not take a broadcast as paid for; it goes on at the free rate
staff-event-mail_refused_to_all = The mail server refuses every letter; look at its settings
staff-event-clock_wrong = The server's clock is wrong: reports and renewals are not begun
staff-event-unknown = An event
