### What somebody reads who writes of despair or danger. Written by people; no model changes it.

crisis-own_despair = I am so sorry that things are this hard for you right now. It is good that you wrote it: that is no weakness.

    I am a program and cannot take the place of a person. Please talk to somebody right now: call someone close to you and ask them to stay with you.

    If you might harm yourself, don't stay alone. Call an ambulance, or ask to be taken to the nearest hospital. Put what you could hurt yourself with out of reach.

    This state passes, and there are people who know how to help.
crisis-child_despair = What you write about your child is very serious. It is good that you noticed and ask.

    What to do right now:
    • Stay close, and don't leave your child alone.
    • Ask calmly and plainly whether your child thinks of dying or of self-harm. Asking does not push anybody to it; it helps to talk.
    • Listen. Don't scold, don't argue, don't promise to keep it secret. Say: “I'm with you, we'll get through this together.”
    • Put away medicines, sharp things and all that is dangerous; close the windows.
    • If the danger is near, or your child is hurt already, call an ambulance at once.

    Then see a doctor or a psychologist together, even if it seems to be over. And look after yourself: you need support, too.
crisis-despair = What you write about is nothing to be alone with. It is good that you said it.

    If it is about you: talk to somebody right now, and ask someone close to stay with you. Put what you could hurt yourself with out of reach.

    If it is about your child: stay close, and don't leave your child alone. Ask calmly and plainly about thoughts of dying, listen, and don't scold. Put away medicines and all that is dangerous.

    If the danger is near, call an ambulance at once. This state passes, and there are people who know how to help.
crisis-danger = You write that somebody may be in danger. Being safe matters most now.

    • If the danger is there this minute, call the police or an ambulance, and go with your child to where it is safe.
    • If a child was hurt: believe your child, say that it is not their fault, and don't ask for details; that is for specialists. See a doctor.
    • Keep messages and screenshots; don't pay those who threaten, and don't answer them.
    • If you are afraid of hurting your child: go to another room and ask another adult to stay with your child.
    • Tell somebody you trust.
crisis-flagged = An automatic check took this message for a heavy one, so the program does not answer it. The check can be wrong.

    If somebody is unwell or in danger, please talk to a person right now.
crisis-lines = Whom to call:
    { $lines }
crisis-no-lines = Call an ambulance or the emergency services, or go to the nearest hospital.
crisis-contact = You can write to us: { $contact }
crisis-staff = Our team has been told that you need help: your number in Telegram alone, none of your words. They may write to you.
crisis-go-on = If it is about something else, please ask in other words, and we'll go on about learning.
