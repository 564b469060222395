# What /terms, /privacy and, without a chat of the staff, /paysupport say
terms-text = Terms of use

    What it is. The Mentorium assistant tells parents how their children learn on the Mentorium platform: reports, and answers to questions. It shows what the platform has recorded; it gives no grades and makes no decisions.

    Who may use it. A parent or another adult whom the platform lets see the child, or whom such an adult has invited. If the platform takes this right back, the child is hidden here at once.

    Artificial intelligence. Answers are written by a language model from figures that we give it. It can make mistakes: if something seems wrong to you, trust the report (/report) and the platform, and write to us.

    Tariffs:
    { $tariffs }
    One subscription covers up to { $children } children of the one who pays. Without a subscription you keep your settings, your data and a short report.

    Payment. Before you pay you see the sum and the period. A subscription renews by itself only if you have chosen so; this can be switched off at any time: /subscription. What is paid stays open to its end. If something is wrong with a payment, or you would like your money back: /paysupport

    Your data. /erase deletes your data here at any time, and the paid days with them.

    Please do not disturb the service or try to see other people's data.

    Questions and complaints: { $contact }
privacy-text = How your data are treated

    What I keep: your numeric Telegram id, your language, the link with your Mentorium account (and the phone number or e-mail address by which you came in), which children are linked, your questions and my answers, reports, subscriptions and payments, your consent with its time, and technical records of what was done.

    What for: only to show you how your children are learning, to answer you, and to keep the service running.

    For how long: questions, answers and the texts of notifications for 90 days, reports and the record of actions for 400 days, the rest for as long as you are with me.

    Your children's results stay on the Mentorium platform. I only read them, and only while the platform lets you see them: this is checked each time. When you ask about the teacher's words, they go to the language model with your question, your family's names replaced.

    Who else sees something. Answers are written by a service of OpenAI. It gets your question and the figures, but no names, phone numbers, e-mail addresses or Telegram ids: these are replaced before sending. A report that you have read aloud may be spoken by another service: it gets the words that are said, with “your child” instead of the name. Your voice messages, if you have agreed to it, go to a speech service as they are, and no recording is kept. Messages travel through Telegram. When you pay through Payme, Click or Telegram, it gets the number and the amount of the order, and nothing about your child. A card that renews your subscription is entered on a page that sends it straight to Payme; I keep the sign by which Payme knows it until you switch the renewal off (/subscription), and its last four digits with your consent, as proof, while you are with me. What you write by /paysupport goes to our team's chat in Telegram, with your Telegram id. If you write of despair or danger, the team learns your id there, and none of your words. Nothing is sold, and there is no advertising.

    A second adult sees the children, never your conversation or your payments.

    Your rights: /export gives you everything I keep, /erase deletes it at once. Records of payments have to stay, without your Telegram id.

    Questions and complaints: { $contact }
paysupport-text = Help with payments

    Something went wrong with a payment, or you want your money back? Write to { $contact }:

    • your number: { $id };
    • the day and the amount of the payment;
    • how you paid;
    • what happened.

    Please never send card numbers or codes from text messages: we do not need them.

    The support of Telegram and @BotSupport cannot help with payments to this bot; we can.

    Until when your subscription lasts, and what you have paid: /subscription
