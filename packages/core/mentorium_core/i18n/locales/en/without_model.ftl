# Said under an answer from the data alone, by why the language model gave none.
without-model-budget = The AI service has answered as much as it can for you today and will be back tomorrow. Until then you get the platform's exact figures.
without-model-away = The AI service does not answer right now, so these are the platform's figures alone. Ask again a little later for an answer in detail.
without-model-off = These are the platform's exact figures, without an AI service.
# Said in place of figures, by what the question is about.
without-model-others = I can tell only about your own children, and compare a child with nobody but themselves.
without-model-beyond = That is beyond me: a doctor or a psychologist is the right person to ask. About learning I gladly tell you what the data say.
without-model-team = People of our team answer through /paysupport.
without-model-which-child = I can tell only about { $names }. Whom do you mean?
without-model-thanks = You are welcome! Ask about your child's learning whenever you like.
