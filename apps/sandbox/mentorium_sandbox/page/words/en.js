// The page's words in English.

export default {
  "page.title": "Mentorium sandbox", "skip": "To the line of writing", "language": "Language of this page",
  "banner.sandbox": "Sandbox.", "banner.words": "Telegram, OpenAI and the school are stand-ins on this machine; the bot is the real one.",
  "ok": "OK", "cancel": "Cancel", "close": "Close", "send": "Send", "copied": "Copied", "theme": "Look", "theme.auto": "as the system", "theme.light": "light", "theme.dark": "dark",
  "layout.to_phone": "Show the chat in a phone", "layout.to_wide": "Show the chat wide", "shortcuts": "Keyboard shortcuts",
  "keys.write": "Write a message", "keys.parents": "Previous or next parent", "keys.layout": "Phone or wide", "keys.line": "New line", "keys.photos": "Previous or next photo",

  "parents": "Parents", "parents.new": "New parent", "parents.add": "Add", "parents.find": "Find a parent", "parents.more": "and {count} more: find them by name or id", "parents.unread": "unread",
  "parents.blocked": "has blocked the bot", "parents.no_phone": "no phone", "parents.name": "First name", "parents.language": "Language", "parents.phone": "Phone",
  "parents.about_new": "A Telegram user whom the bot has not met. The phone is what is shared with the contact button.",

  "chat": "Chat with the bot", "chat.as": "You write as this parent", "chat.bot": "bot", "chat.messages": "Messages", "chat.message": "Message", "chat.placeholder": "Message", "chat.start": "START", "chat.restart": "UNBLOCK AND RESTART",
  "chat.empty": "Nothing has been said here yet. Press START below.", "chat.what_can": "What can this bot do?", "chat.down": "To the newest message", "chat.commands": "Commands of the bot", "chat.no_commands": "The bot has set no commands.",
  "chat.attach": "Attach", "chat.keyboard": "Keyboard of the bot", "chat.buttons": "Buttons", "chat.stop": "Stop", "chat.writing": "Being written:", "chat.thinking": "thinking", "chat.reply_to": "In reply to: {words}", "chat.alert": "The bot says",
  "attach.photo": "Photo", "attach.voice": "Voice message", "attach.own_contact": "My contact", "attach.other_contact": "Somebody else’s contact", "attach.sticker": "Sticker",

  "action.typing": "is writing…", "action.upload_photo": "is sending a photo…", "action.upload_document": "is sending a file…", "action.record_voice": "is recording a voice message…", "action.upload_voice": "is sending a voice message…",
  "action.record_video": "is recording a video…", "action.upload_video": "is sending a video…", "action.choose_sticker": "is choosing a sticker…", "action.find_location": "is looking for a place…", "action.record_video_note": "is recording a video…", "action.upload_video_note": "is sending a video…",

  "message.you": "You", "message.edited": "edited", "message.forwarded": "Forwarded from {name}", "message.spoiler": "Hidden text, press to show", "message.copy": "Copy", "message.code": "code", "message.more": "Show more", "message.less": "Show less",
  "message.location": "Place", "message.contact": "Contact", "message.poll": "Anonymous poll", "message.quiz": "Quiz", "message.unknown": "A message that this page cannot show",
  "service.pinned": "{name} pinned “{words}”", "service.paid": "Payment of {amount} went through", "service.refunded": "{amount} were paid back", "service.write_access": "The bot may write to you", "service.web_app": "Data from “{name}” went to the bot", "service.shared": "Chats were shared with the bot",
  "kind.photo": "Photo", "kind.video": "Video", "kind.animation": "Animation", "kind.voice": "Voice message", "kind.audio": "Music", "kind.document": "File", "kind.sticker": "Sticker", "kind.location": "Place", "kind.venue": "Place", "kind.contact": "Contact", "kind.poll": "Poll", "kind.invoice": "Invoice", "kind.dice": "Dice", "kind.video_note": "Video message",
  "photo.open": "Open photo", "photo.previous": "Previous photo", "photo.next": "Next photo", "photo.send": "Send this photo?", "photo.unreadable": "This file is no picture that the browser can read.", "file.download": "Download",
  "voice.play": "Play", "voice.pause": "Pause", "voice.position": "Position", "voice.silent": "There is no sound to hear in this message.", "voice.title": "Voice message", "voice.record": "Record", "voice.end": "End recording", "voice.again": "Record again", "voice.preview": "Listen before sending", "voice.file": "Or a sound file",
  "voice.spoken": "What is said in it", "voice.why_spoken": "The stand-in for speech recognition hears these words. They are enough on their own: the sound is silence then.", "voice.no_microphone": "There is no microphone that may be used. Choose a sound file, or only write what is said.", "voice.nothing": "Record something, choose a file, or write what is said.",

  "button.unknown": "The sandbox cannot do what this button asks for.", "link.open": "Open this link?", "link.go": "Open", "link.copy": "Copy the link", "link.into_bot": "The link leads into the bot. Who opens it?", "link.as": "Parent",
  "app.later": "Mini Apps come with a later version of the sandbox. This is the address that would open:",
  "pay.title": "Payment", "pay.now": "Pay {amount}", "pay.sandbox": "No real money: this is the sandbox.", "pay.later": "Payment comes with the till, in a later version of the sandbox.",
  "contact.share": "Share your phone number?", "contact.will_see": "The bot will see {phone}, the number of {name}.", "contact.share_now": "Share", "contact.no_phone": "This parent has no phone. Add a parent with one.", "contact.other": "Forward a contact", "contact.name": "Name", "contact.phone": "Phone",

  "controls": "Controls", "section.clock": "Clock", "section.parent": "This parent", "section.school": "At school", "section.faults": "Faults", "section.parts": "Parts", "section.behind": "Behind the scenes",
  "clock.day": "+1 day", "clock.monday": "Next Monday", "clock.first": "1st of the month", "clock.month": "+30 days", "clock.moving": "Time is passing…", "clock.ran": "Ran: {jobs}", "clock.nothing": "nothing was due",
  "parent.id": "Telegram id", "parent.guardian": "Account at school", "parent.no_account": "none yet", "parent.tariff": "Tariff", "parent.grant": "Give it", "parent.block": "🚫 Block the bot", "parent.unblock": "✅ Unblock the bot",
  "tariff.monthly": "a month", "tariff.quarterly": "three months", "tariff.annual": "a year",
  "school.connect": "Connect Telegram", "school.connect_note": "as the button on the platform does", "school.enrol": "Enrol a child", "school.enrol_note": "and come to the bot with it", "school.enrol_words": "A new child at school, enrolled in the first course. The parent follows the link to the bot at once.", "school.enrol_now": "Enrol", "school.first_name": "First name", "school.last_name": "Last name",
  "school.child": "Child", "school.nobody": "no child at school yet", "school.lesson": "Lesson", "school.test": "Test", "school.award": "Award", "school.hour": "An hour", "school.test_title": "Fractions", "school.title": "Title", "school.score": "Points", "school.most": "of", "school.grade": "Grade",
  "school.no_account": "This parent has no account at school yet: enrol a child first.", "school.no_child": "This parent has no child at school yet: enrol one first.", "school.done": "{child}: {what}",
  "target.telegram": "Telegram", "target.openai": "OpenAI", "target.smtp": "Mail", "target.platform_db": "School’s database", "target.bot_db": "Bot’s database", "target.redis": "Redis", "target.payme": "PayMe", "target.click": "Click",
  "fault.status_429": "too many requests (429)", "fault.status_500": "server error (500)", "fault.timeout": "no answer", "fault.drop_response": "the answer is lost", "fault.slow": "3 s late", "fault.down": "is down", "fault.stream_cut": "stream is cut", "fault.corrupt_chunk": "broken chunk", "fault.stall": "stream stalls", "fault.quota": "quota used up",
  "faults.target": "Who", "faults.kind": "What", "faults.times": "Times", "faults.match": "Only this call", "faults.add": "Let it happen", "faults.clear": "Clear all", "faults.limiter": "Telegram’s limits", "faults.limiter_note": "30 calls a second, 1 a chat",
  "parts.well": "well", "parts.ill": "not well", "parts.kill": "Kill (it is started again)", "parts.stop": "Stop", "parts.start": "Start",
  "drawer.mailbox": "Mailbox", "drawer.calls": "Bot API calls", "drawer.model": "Model requests", "drawer.sentry": "Errors (Sentry)", "drawer.metrics": "Metrics", "drawer.admin": "Admin panel", "drawer.mini_app": "Mini App",
  "drawer.find": "Find", "drawer.refresh": "Read again", "drawer.page": "As a page of its own", "drawer.empty": "Nothing here.", "later": "This sandbox does not have it yet.",
};
