# A question that is spoken
spoken-consent = 🎤 I can write down your voice messages and answer them like written questions.

    For this the voice itself goes to a speech service (OpenAI, or another that Mentorium has chosen) as it is: your voice, and every name that you say. No recording is kept here. The words that were heard are kept like a question you have written, and the names in them are replaced, as always, before an answer is made.

    If you would rather not, simply write your question in words: nothing else changes. You can take this back at any time: /settings
spoken-agree = Yes, write down my voice messages
spoken-agreed = Agreed: you can ask by voice now, up to two minutes at a time. To take this back: /settings
spoken-heard = 🎤 “{ $words }”
spoken-forwarded = I only write down what you say yourself: whoever speaks in a forwarded message has not agreed to it. Please ask in your own words.
spoken-too-long = This voice message is too long: I can listen for up to two minutes. Please say it more briefly, or write it.
spoken-too-many = That was a lot of voice messages at once. Please write, or try again in a minute.
spoken-used-up = You have asked a great deal by voice today. Please write your questions in words: I read them as before.
spoken-busy = Very many people are speaking to me right now. Please write your question, or try again in a minute.
spoken-nothing-heard = I could not make out any words. Please say it once more, or write it.
spoken-unreadable = I could not open this voice message. Please record it once more, or write your question.
spoken-ai-off = You have switched texts by AI off, and a speech service is one: I do not listen to voice messages then. Please write your question, or switch AI on in /settings.
spoken-unavailable = I cannot listen right now: the speech service does not respond. Please write your question in words, or try again in a few minutes.
spoken-help = 🎤 You can also ask in a voice message.
spoken-not-text = I understand text and voice messages only. Please ask your question in words.
settings-spoken = 🎤 Questions by voice
spoken-on = I write down your voice messages and answer them. Each of them goes to a speech service as it is; no recording is kept here.
spoken-stop = Stop writing them down
spoken-stopped = I no longer write down voice messages. What was written down stays among your questions (/export shows them, /erase deletes them). Please write your questions in words.
