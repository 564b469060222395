# Registration
language-question = Assalomu alaykum! Qaysi tilda gaplashamiz?
    Здравствуйте! На каком языке будем общаться?
    Hello! Which language shall we speak?
language-name-uz = Oʻzbekcha
language-name-ru = Русский
language-name-en = English
language-changed = Fine, we speak English from now on.
consent-text = I am the Mentorium assistant: I tell you how your child is learning, prepare reports and answer your questions.

    For this I keep: your numeric Telegram id, your language, the link with the platform (and your phone number if you share it), your questions and the answers. I only read your child's results from the Mentorium platform.

    Answers are written by an artificial intelligence service (OpenAI). Names, phones, e-mail addresses and Telegram ids are not sent to it.

    Do you agree to this use of data? Your answer is recorded with its time.
consent-yes = Yes, I agree
consent-no = No
consent-declined = I understand. Nothing about you has been kept. If you change your mind, press /start; you are always welcome.
registration-who = Now let us find you on the platform. There are two ways:

    1. Share your phone number with the button below. It has to be the number confirmed on the platform.
    2. Press “Connect Telegram” in your Mentorium account: the link brings you back here.
registration-share-contact = 📱 Share my number
registration-linked = { $count ->
        [one] Done! Your child is here now: { $names }.
       *[other] Done! Your children are here now: { $names }.
    }

    Write any question, for example: “How did the week go?” For a report with a picture press /report.
registration-linked-none = We have found you, but there is no child on the platform whose progress you may see right now. Please write to Mentorium support, then press /start.
welcome-back = Good to see you again! Write any question about your child's learning, or press /report for a report.
children-none = There is no child on the platform whose progress you may see right now. Press “Connect Telegram” in your Mentorium account or write to support.

# Proof that did not work
link-refused-malformed = This link is wrong or damaged. Open your Mentorium account and press “Connect Telegram” once more.
link-refused-expired = This link has expired. Open your Mentorium account and get a new one: “Connect Telegram”.
link-refused-used = This link has been used already. Open your Mentorium account and get a new one: “Connect Telegram”.
link-refused-unknown = The owner of this link was not found on the platform. Sign in to your Mentorium account again for a new link, or write to support.
contact-refused-not-own = This is somebody else's contact. Please share your own number with the button below.
contact-refused-unknown = This number is not among those confirmed on the platform. Please use “Connect Telegram” in your Mentorium account.
contact-refused-ambiguous = Several people have this number on the platform. To be safe, please use “Connect Telegram” in your Mentorium account.

# Commands
command-report = Report on a week or a month
command-subscribe = Subscription and tariffs
command-new = Start the conversation afresh
command-language = Change the language
command-help = What I can do
help-text = I am the Mentorium assistant. Ask about your child's learning in plain words, for example: “What was done this week?” or “Which topic is hard?”

    /report – report on a week or a month
    /subscribe – subscription and tariffs
    /new – start the conversation afresh
    /language – change the language
    /start – begin, or link one more child
new-done = All right, our earlier conversation is forgotten. Write a new question.

# Reports
report-which-child = Which child shall the report be about?
report-which-period = { $name }: which period shall the report cover?
report-week = Last week
report-month = Last month

# Subscription
subscribe-offer = A subscription opens full reports and the assistant's answers. Choose a tariff:
subscribe-standing = Your subscription lasts until { $until }. Tariffs to extend it:
subscribe-soon = You have chosen: { $tariff }. Payment will soon open right here; until then, please write to Mentorium support.
tariff-monthly = 1 month – { $price }
tariff-quarterly = 3 months – { $price } (−{ $discount }%)
tariff-annual = 1 year – { $price } (−{ $discount }%)

# The mentor
dialog-limited = Answers to questions open with a subscription. Choose a tariff:
dialog-too-long = The message is too long. Please put the question in { $limit } characters.
dialog-busy = I am still answering your earlier questions. Please wait a little and write again.
dialog-stopped = I have stopped. To go on, write a question.
dialog-unavailable = Sorry, I cannot write an answer right now: the artificial intelligence service does not respond. Please write again a little later, in a minute or two. Reports (/report) work.
dialog-left-unanswered = Sorry, your earlier question was left without an answer for a technical reason. Please write it once more.

# What nobody else answers
fallback-command = I do not know this command. What I can do: /help
fallback-not-text = So far I only understand text. Please write your question in words.
fallback-edited = I see that you changed a message, but I answer new ones only. Please send the question as a new message.
fallback-button = This button is out of date. Please choose the command again: /help
