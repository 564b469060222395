### E-mail as a second channel: the letters, the page behind their link, and the switch in /settings.

email-report-subject = { $name }: { $kind ->
    [month] the month in study, { $period }
   *[week] the week in study, { $period }
}
email-notice-subject = Mentorium: your subscription
email-picture-alt = The same figures as a chart
email-answers-in-chat = Questions about it? The Mentorium assistant answers in Telegram.
email-notice-in-chat = To extend it, open the Mentorium assistant in Telegram: /subscribe
email-why = You get this letter because you asked the Mentorium assistant for it. Which letters come you choose there under /settings.
email-unsubscribe = No more letters
email-unsubscribe-text = No more letters: { $url }

email-page-title = Letters from Mentorium
email-page-question = Do you want no more letters from Mentorium? Your reports in Telegram stay as they are.
email-page-button = No more letters
email-page-done = Done: no more letters will come. If you change your mind, you can have them again in the Mentorium assistant: /settings
email-page-over = This link is not valid any more. Which letters come you can choose in the Mentorium assistant in Telegram: /settings
email-page-busy = That did not work just now. Please open the link once more in a minute.

email-settings-button = ✉️ Reports by e-mail
email-settings-on-always = Your reports also come by e-mail to { $address }.
email-settings-on-when-blocked = If you block this bot, your reports and the end of your subscription will reach you by e-mail at { $address }. As long as you read here, no letter comes.
email-settings-off = Your reports can also come by e-mail to { $address }.
email-settings-no-address = Your reports can also come by e-mail. Which address is yours I do not know yet: I will send it a code.
email-settings-consent = By choosing, you agree that your child's reports are sent to this address. Each letter has a link that ends them.
email-choose-always = Send every report
email-choose-when-blocked = Only if I block the bot
email-choose-off = No letters
email-choose-address = Another address
email-ask-address = To which address? Please write it here. I will send it a code of six digits.
email-ask-code = I have sent a code to { $address }. Please write it here within ten minutes; if nothing comes, look among the spam.
email-left = All right, the address stays as it is.
email-leave = Leave it
email-not-offered = E-mail cannot be chosen right now.
email-off-refused = Letters to { $address } are switched off: its mail server refused two in a row. Another address can be given under /settings. Reports here come as before.
email-off-address-gone = Letters to { $address } are switched off: on Mentorium it is no longer your confirmed address. You can choose anew under /settings. Reports here come as before.
