# Registration
language-question = Assalomu alaykum! Qaysi tilda gaplashamiz?
    Здравствуйте! На каком языке будем общаться?
    Hello! Which language shall we speak?
language-changed = All right, I will write in English from now on.
consent-text = I am the Mentorium assistant: I tell you how your child is learning, prepare reports and answer your questions.

    For this I keep: your numeric Telegram id, your language, the link with the platform (and the phone number or e-mail address by which you come in), your questions and the answers. I only read your child's results from the Mentorium platform.

    Answers are written by an artificial intelligence service (OpenAI). Names, phones, e-mail addresses and Telegram ids are not sent to it.

    Do you agree to this use of data? Your answer is recorded with its time.
consent-yes = Yes, I agree
consent-no = No
consent-declined = I understand. Nothing about you has been kept. If you change your mind, press /start; you are always welcome.
consent-stands = You have agreed before, and this stands. To take it back and have everything deleted that I keep about you, press /erase.
registration-who = Now let us find you on the platform. There are three ways:

    1. Write here the e-mail address of your Mentorium account: I will send a code to it.
    2. Share your phone number with the button below. It has to be the number confirmed on the platform.
    3. Press “Connect Telegram” in your Mentorium account: the link brings you back here.
registration-who-without-email = Now let us find you on the platform. There are two ways:

    1. Share your phone number with the button below. It has to be the number confirmed on the platform.
    2. Press “Connect Telegram” in your Mentorium account: the link brings you back here.
registration-waiting = I am still waiting for the answer of the adult who invited you, and will write here as soon as it comes.

    You can also come in by yourself: share your phone number with the button below, or press “Connect Telegram” in your Mentorium account.
registration-share-contact = 📱 Share my number
registration-linked = { $count ->
        [one] Done! You can now follow { $names } here.
       *[other] Done! You can now follow { $names } here.
    }
registration-linked-none = We have found you, but there is no child on the platform whose progress you may see right now. Please write to Mentorium support, then press /start.
welcome-back = Good to see you again!
greeting-open = Write any question, for example: “How did the week go?” For a report with a picture press /report.
greeting-free = Free for you at any time: a short report with how it went and one success (/report), your children here, your settings and your data. A subscription opens full reports with a picture, the teacher's comments and answers to any question: /subscribe
greeting-taste = To begin with, free of charge: answers to your questions – { $answers }, full reports with a picture – { $reports }. Just write a question, for example: “How did the week go?”, or press /report. After that, a short report stays free, and a subscription opens the rest: /subscribe
children-none = There is no child on the platform whose progress you may see right now. Press “Connect Telegram” in your Mentorium account or write to support.

# Proof that did not work
link-refused-malformed = This link is wrong or damaged. Open your Mentorium account and press “Connect Telegram” once more.
link-refused-expired = This link has expired. Open your Mentorium account and get a new one: “Connect Telegram”.
link-refused-used = This link has been used already. Open your Mentorium account and get a new one: “Connect Telegram”.
link-refused-unknown = The owner of this link was not found on the platform. Sign in to your Mentorium account again for a new link, or write to support.
contact-refused-not-own = This is somebody else's contact. Please share your own number with the button below.
contact-refused-unknown = This number is not among those confirmed on the platform. Please use “Connect Telegram” in your Mentorium account.
contact-refused-ambiguous = Several people have this number on the platform. To be safe, please use “Connect Telegram” in your Mentorium account.

# The code by e-mail
email-code-on-its-way = If this address is registered, a code is on its way. Please write its six digits here: they are valid for 10 minutes.

    No mail after a few minutes? Look into the spam folder, check the address, or come in by your phone number or the link in your Mentorium account.
email-refused-malformed = This does not look like an e-mail address. Please write it in full, for example: name@example.com
email-refused-too-soon = { $seconds ->
        [one] A code was asked for just now. A new one can be sent in { $seconds } second.
       *[other] A code was asked for just now. A new one can be sent in { $seconds } seconds.
    }
email-refused-too-many = Too many attempts. Please try later, or come in by your phone number or the link in your Mentorium account.
code-refused-malformed = The code from the mail has exactly six digits. Please write it once more.
code-refused-wrong = { $left ->
        [one] This code is not right. There is { $left } try left.
       *[other] This code is not right. There are { $left } tries left.
    }
code-refused-none = No code is awaited right now. Please write the e-mail address of your Mentorium account, and I will send one.
code-refused-burned = There were too many wrong tries, so this code no longer works. Please write your e-mail address once more to get a new one.
code-refused-expired = This code has expired. Please write your e-mail address once more to get a new one.

# Commands
command-start = Begin, or link one more child
command-help = What I can do
command-report = Report on a week or a month
command-teacher = The teacher's last comment
command-subscribe = Subscription and tariffs
command-subscription = My subscription and payments
command-children = My children and a second adult
command-settings = Settings
command-language = Change the language
command-new = Start the conversation afresh
command-export = Get all my data
command-erase = Delete my data
command-paysupport = Help with payments
command-terms = Terms of use
command-privacy = How your data are treated
help-text = I am the Mentorium assistant. Ask about your child's learning in plain words, for example: “What was done this week?” or “Which topic is hard?” A short report is always free; answers and full reports open with a subscription.

    /report – report on a week or a month
    /teacher – the teacher's last comment
    /subscribe – subscription and tariffs
    /subscription – my subscription and payments
    /children – my children and a second adult
    /settings – language and other settings
    /new – start the conversation afresh
    /start – begin, or link one more child

    /export and /erase – get or delete my data
    /paysupport, /terms, /privacy – help with payments, terms, privacy
new-done = All right, our earlier conversation is forgotten. Write a new question.

# Reports
report-which-child = Which child shall the report be about?
report-which-period = { $name }: which period shall the report cover?
report-week = Last week
report-month = Last month

# The teacher's words
teacher-title = ✍️ { $name }: the teacher's comment, { $day }
teacher-course = Course: { $course }
teacher-none = { $names }: the teacher has not written a comment yet. As soon as there is one, you can read it here.
teacher-limited = { $names }: the teacher's comments open with a subscription. Choose a tariff:

# Subscription
subscribe-offer = A subscription opens full reports and the assistant's answers. Choose a tariff:
subscribe-standing = Your subscription lasts until { $until }. Tariffs to extend it:
subscribe-in-grace = The days you paid for ended on { $until }. Everything stays open until { $open_until }; to go on without a break, choose a tariff:
tariff-offer = { $tariff } – { $price }
tariff-offer-saving = { $tariff } – { $price } (−{ $discount }%)

# The mentor
dialog-limited = Answers to questions open with a subscription. Choose a tariff:
dialog-too-long = The message is too long. Please put the question in { $limit } characters.
dialog-rest = This came together with your long message, and I took it for its end. If it is a question of its own, please send it again.
dialog-busy = I am still answering your earlier questions. Please wait a little and write again.
dialog-stopped = I have stopped. To go on, write a question.
dialog-unavailable = Sorry, I cannot write an answer right now: the artificial intelligence service does not respond. Please write again a little later, in a minute or two. Reports (/report) work.
dialog-whole-answer = The answer is long: this file holds all of it.
dialog-left-unanswered = Sorry, your earlier question was left without an answer for a technical reason. Please write it once more.

# The family
children-title = Your children here:
children-own = • { $name }
children-invited = • { $name } (another adult has invited you)
children-explained = A child you remove is hidden from you at once; nothing changes on the platform. To link one more child, press “Connect Telegram” in your Mentorium account.
guests-title = Adults whom you have let in:
guest-sees = • { $name } sees: { $children }
guest-sees-nobody = • { $name } sees nothing right now
expel-button = Stop sharing with: { $name }
expel-done = Done: { $name } no longer sees any child by your invitation.
lent-taken-back = The adult who invited you has taken back what they had shared with you here. If this is a mistake, please talk to them. What you see now: /children
subscription-lender-erased = The adult who invited you has had their data deleted here, and what they had shared with you has ended with it. To go on, ask another parent of the child for an invitation, or press “Connect Telegram” in your own Mentorium account. What you see now: /children
unlink-button = Remove from my list: { $name }
unlink-done = Done: { $name } is no longer shown to you here.
unlink-borrowers = Whoever saw { $name } by your invitation no longer does, even if you undo this.
unlink-undo-button = Undo
unlink-undone = { $name } is in your list again.
account-added = One more Telegram account has been linked to your Mentorium account. It sees the same children, but not your conversation with me. If this was not you or your family, please write at once to { $contact }.
invite-button = Invite a second adult
invite-explained = Forward the next message to the adult who should see how your children are learning. The link works once and for 24 hours. When it has been opened, I will ask you whether to let this person in: nobody sees anything before you say yes. Neither of you will see the other's conversation with me.
invite-forward = You are invited to see on Telegram how our children are learning with Mentorium. Open this link and follow the steps: { $link }
invite-asked = Thank you! I have asked the adult who invited you. As soon as there is an answer, I will write to you here.
invite-not-delivered = The adult who invited you has closed the chat with me, so I cannot ask them. Please tell them to open it and to invite you again with /children.
invite-question = { $name } has opened your invitation and asks to see how these children are learning: { $children }. Do you know this person, and shall I let them in? You can take it back at any time: /children
invite-yes = Yes, let them in
invite-no = No
invite-accepted = Done: { $name } now sees { $children }.
invite-accepted-none = There is no child right now whom you could show to { $name }, so nothing has changed.
invite-declined = All right, { $name } will see nothing.
invite-welcome = The adult who invited you has said yes. You can now see: { $children }.
invite-turned-down = The adult who invited you has said no, so there is nothing I can show you here. If this is a mistake, please talk to them.
invite-too-many = You have made many invitations lately. Please use one of those that are still open, or try again tomorrow.
invite-refused-unknown = This invitation is wrong or damaged. Please ask for a new one.
invite-refused-expired = This invitation has expired. Please ask for a new one.
invite-refused-used = This invitation has been used already. Please ask for a new one.

# Settings and one's own data
settings-text = Settings

    Language: { $current }. Choose another one below.
    Reports: { $reports }
    Tone of reports: { $tone }; their language: { $report_language } (📘)

    /children – my children and a second adult
    /subscribe – subscription and tariffs
    /subscription – my subscription and payments
    /export – get all my data
    /erase – delete my data
    /privacy – how your data are treated
export-caption = Everything I keep about you. The .html file is for reading, the .json one for programs.
export-due = You have been here for long, so this is a large file. I am making it now and will send it to this chat in a few minutes.
export-under-way = Your data are being put together already. They will arrive in this chat in a few minutes.
export-archive = Everything I keep about you, file { $number } of { $count }. Open the archives: .html is for reading, .json for programs. If one does not arrive, send /export again.
data-none = I keep nothing about you.
erase-question = Do you want me to delete your data?

    What goes, at once and for good: the link with your children, also for the adults you have let in, your questions and my answers, stored reports, settings, your consent, and access by a subscription, paid days included.

    By law we keep records of payments, without your Telegram id.

    What is on the Mentorium platform itself stays as it is. With /export you can get your data first.
erase-yes = Yes, delete everything
erase-no = No, keep it
erase-done = Done: your data has been deleted. Thank you for being with us! If you wish to come back, press /start.
erase-kept = All right, everything stays as it was.
erase-again = This request to delete your data is no longer valid. If you do want it, press /erase again; nothing has been deleted.

# What nobody else answers
fallback-command = I do not know this command. What I can do: /help
fallback-not-text = So far I only understand text. Please write your question in words.
fallback-edited = I see that you changed a message, but I answer new ones only. Please send the question as a new message.
fallback-button = This button is out of date. Please choose the command again: /help
fallback-unreadable = Sorry, I could not read this. Please write it once more in plain words.
fallback-group = Hello! I speak about children's learning, so I answer in private chats only. Please write to me directly. Goodbye!

# Before any handler
inbox-answer-in-doubt = I was interrupted just as my answer went out. If you do not see it above, please send your message or press the button once more.
inbox-kept = Your message has arrived. Something on our side is not working right now; I will answer by myself as soon as it is back. There is no need to send it again.
inbox-too-fast = You are writing faster than I can answer. What you sent just now I have not read: please wait half a minute and send it once more.
inbox-checkout-not-now = The payment was not begun, and nothing was charged: something on our side is not working right now. Please try again in a few minutes.
