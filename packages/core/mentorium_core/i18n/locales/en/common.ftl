# Formats
format-percent = { $number }%
format-money = { $number } UZS
format-stars = { $number } ⭐
format-minutes = { $minutes } min
format-hours = { $hours } h
format-hours-minutes = { $hours } h { $minutes } min
format-hours-minutes-short = { $hours } h { $minutes } min
format-quoted = “{ $text }”
format-day-month = { $day } { $month }
format-day-month-year = { $day_month } { $year }
format-month-year = { $month } { $year }
format-months-of-a-year = { $first }–{ $last } { $year }

# Errors of the kit
error-unexpected = Something went wrong, and we have been told about it. Please try again a little later.
error-refused = Sorry, this cannot be done right now.
error-not-found = Nothing was found here.
error-access-denied = This information is not open to you.
error-unavailable = The service is not answering right now. Please try again in a few minutes.
error-outcome-unknown = I could not find out whether this was done: it may have been. Please look first, with /subscription or /children, before you do it again.
error-steps-unavailable = Registration is not working right now. Please try again in a few minutes.
