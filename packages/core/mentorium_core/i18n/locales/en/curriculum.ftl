# The topics of the curriculum in plain words, for a parent who knows nothing about AI; the code is the platform's.

topic-ai_basics = What AI is
meaning-ai_basics = Artificial intelligence is a program that nobody has told every step: it has learned from many examples. Children learn where such programs are around us, what they do well and where they err.
topic-how_networks_learn = How a neural network learns
meaning-how_networks_learn = A neural network is a program that learns from examples, much as a child learns to tell cats from dogs: it guesses, sees its mistake and corrects itself a little, very many times. It does not understand as people do, so its answers have to be checked.
topic-data_quality = Data and its quality
meaning-data_quality = Data is the examples from which a neural network learns. If they are wrong or one-sided, its answers will be too; children learn to notice that and to choose good examples.
topic-text_prompts = Prompts for text
meaning-text_prompts = A prompt is the request that one writes to a neural network. Children learn to say what is wanted, for whom, with an example and in what form, and to improve the answer step by step.
topic-image_prompts = Prompts for images
meaning-image_prompts = It is the skill of describing a picture in words so that a neural network draws what was meant: who is in it, where, in what style, light and colour.
topic-fact_checking = Checking facts
meaning-fact_checking = A neural network can make something up and sound sure of it. Children learn to stop at such a place, to find the source and to compare two of them before they believe or repeat it.
topic-ai_safety = Safety and personal data
meaning-ai_safety = It is about what must not be told to a neural network or a stranger on the net, about strong passwords, and about telling a forged video or voice.
topic-ai_ethics = Authorship and fairness
meaning-ai_ethics = It is about what is one's own work and what the machine did, when help from AI is fair, and how to say openly that it was used.
topic-study_with_ai = Studying with AI
meaning-study_with_ai = Children learn to use a neural network as a tutor: it explains, asks questions and makes exercises, and the child does the solving.
topic-computer_vision = Computer vision
meaning-computer_vision = It is how a program recognises what is in a picture or a video: faces, things, letters. Children see how it learns that and why it sometimes takes one thing for another.
topic-chatbots = Building a chatbot
meaning-chatbots = A chatbot is a program that talks in messages. Children think through what it is for, what it answers, and what it says when it does not know.
topic-ai_projects = Projects with AI
meaning-ai_projects = Here all skills come together: a child picks a small real task, makes something with the help of AI, and shows it to others.
