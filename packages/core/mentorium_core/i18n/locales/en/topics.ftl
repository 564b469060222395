# What a parent who knows nothing about AI can do with the child in ten minutes, and what to ask.
# Three actions and two questions a topic; the code of the topic is the platform's.

action-ai_basics-1 = ask your child to find three things at home that use artificial intelligence and say why.
action-ai_basics-2 = play a game: you name a device, your child says whether there is AI inside and how one can tell.
action-ai_basics-3 = ask for a one-sentence explanation of a neural network that a grandparent would understand.
question-ai_basics-1 = How is a neural network different from an ordinary program?
question-ai_basics-2 = What does a neural network do better than people, and what worse?

action-how_networks_learn-1 = ask to be shown with toys or cards how a neural network learns from examples.
action-how_networks_learn-2 = think of a secret rule and show examples that fit and do not fit; your child guesses it like a network.
action-how_networks_learn-3 = ask for a drawing of the way from examples to an answer, and let the drawing be explained.
question-how_networks_learn-1 = Why does a neural network need so many examples?
question-how_networks_learn-2 = What happens when a network learns from wrong examples?

action-data_quality-1 = sort some things at home into groups together and talk about the one that fits nowhere.
action-data_quality-2 = open any table or shopping list and ask your child to find a gap or a mistake in it.
action-data_quality-3 = make up a small family survey together and decide whose answers must not be missed.
question-data_quality-1 = How can you tell that data can be trusted?
question-data_quality-2 = Which data is not fit for teaching a network?

action-text_prompts-1 = give one task and ask your child to write it for the AI badly, then well; compare the answers.
action-text_prompts-2 = let your child improve a request of yours: add a role, an example and the form of the answer.
action-text_prompts-3 = write a greeting for someone dear with the AI; your child chooses the wording of the request.
question-text_prompts-1 = What do you add to a request to make the answer more precise?
question-text_prompts-2 = Which of your requests worked best?

action-image_prompts-1 = describe a thing without naming it and let your child draw it, then change roles.
action-image_prompts-2 = take any picture and ask for a description from which it could be drawn again.
action-image_prompts-3 = choose a picture made by AI and look for oddities together: fingers, shadows, letters.
question-image_prompts-1 = Which words change a picture the most?
question-image_prompts-2 = Which details show that a picture was made by AI?

action-fact_checking-1 = ask to see one answer of an AI and find a mistake in it together.
action-fact_checking-2 = pick any piece of news and check it together in two different sources.
action-fact_checking-3 = tell one true and one made-up fact; your child finds the made-up one and shows how to check.
question-fact_checking-1 = How do you know that the AI made a fact up?
question-fact_checking-2 = Where do you check an answer that looks strange?

action-ai_safety-1 = write a short list together of what must never be told to an AI, and put it by the computer.
action-ai_safety-2 = open the settings of one app and look together at the data it is allowed to use.
action-ai_safety-3 = act out a call from a swindler who asks for a code; let your child refuse politely and firmly.
question-ai_safety-1 = What should you never write about yourself in a chat with an AI?
question-ai_safety-2 = What will you do if a stranger asks for your photo?

action-ai_ethics-1 = discuss one example: whose work is it if an AI wrote a text and a person corrected it?
action-ai_ethics-2 = ask to see something made with AI and write down together what the person did and what the machine did.
action-ai_ethics-3 = agree on a family rule: when asking an AI for help is fine and when it is better to do without.
question-ai_ethics-1 = When is it honest to use AI for schoolwork, and when is it not?
question-ai_ethics-2 = Who is the author of a picture that an AI drew?

action-study_with_ai-1 = ask your child to put a school question to an AI so that it explains and does not solve.
action-study_with_ai-2 = choose a hard school subject and ask an AI together to make a short test on it.
action-study_with_ai-3 = let your child retell the last explanation of the AI in other words; you only listen and ask.
question-study_with_ai-1 = How did AI help you to study lately?
question-study_with_ai-2 = How do you make an AI explain instead of solving it for you?

action-computer_vision-1 = show different things to the phone camera and talk about where it gets confused and why.
action-computer_vision-2 = cover part of a picture by hand; guess in turn and say which detail gave it away.
action-computer_vision-3 = find three places together where a camera recognises people or cars, and ask what for.
question-computer_vision-1 = How does a computer tell a cat from a dog?
question-computer_vision-2 = Why does a camera make mistakes sometimes?

action-chatbots-1 = ask to see the chatbot and give it three questions it does not expect.
action-chatbots-2 = act out a talk: you are a customer, your child is the bot of a shop; then find where it got lost.
action-chatbots-3 = ask for a drawing of a talk with a bot: greeting, question, answer, goodbye.
question-chatbots-1 = What should a bot say when it does not know the answer?
question-chatbots-2 = Which bot would you make for our family?

action-ai_projects-1 = ask to see the project and hear which problem it solves, and for whom.
action-ai_projects-2 = choose one small next step of the project together and write it down.
action-ai_projects-3 = be the first user of the project: try it and name one thing that works and one that is hard.
question-ai_projects-1 = Which problem of our family could your project solve?
question-ai_projects-2 = Which step of your project is the hardest?

# For topics we do not know, and when a topic's own actions were all used lately.
action-any-1 = ask to have this topic explained as if you heard of it for the first time.
action-any-2 = open one test on this topic together and go through a question that went wrong.
action-any-3 = ask your child to invent a question for you on this topic and judge your answer together.
action-any-4 = draw a simple map of the topic on one sheet together and put it where all can see it.
action-any-5 = find one example of this topic in everyday life together.
action-any-6 = ask to see the hardest part of the topic and read it aloud together.
action-any-7 = change roles: your child teaches, you learn, the topic stays the same.
action-any-8 = ask for a crib sheet of five words on the topic and an explanation of each.

# When work is past its due date
action-overdue-1 = open the list of work together and choose the piece that is easiest to begin with.
action-overdue-2 = agree on a good time for one piece of work and set a reminder together.
action-overdue-3 = ask what stands in the way and write down the first small step together.
action-overdue-4 = begin one piece together: read the task aloud and do its first point.

# When there was less study than before
action-habit-1 = choose a fixed time for study together and mark it in the calendar.
action-habit-2 = open the next lesson and watch only its beginning together.
action-habit-3 = ask what is most interesting in the course right now and begin with that.
action-habit-4 = prepare a place for study together: no phone, no needless tabs.
action-habit-5 = begin together with one short lesson right after dinner.
action-habit-6 = draw a row of seven boxes and colour the days with lessons.
action-habit-7 = for one lesson put all phones of the family into another room.
action-habit-8 = ask when a lesson felt easiest this week and take that time again.

question-any-1 = What from your lessons would you like to show me?
question-any-2 = What was the most interesting part, and what was the hardest?
question-any-3 = What could you teach me from your course?
question-any-4 = Where will you use what you are learning now?
