# What the mentor says when it does not know whom the language model meant.
mentor-your-child = ваш ребёнок
# Where to reach the teacher: told to the model with the teacher's words.
mentor-reach-teacher = Прямой связи с преподавателем в этом чате нет. Последние слова преподавателя покажет /teacher, а чтобы написать преподавателю или попросить о звонке, обратитесь в школу на платформе Mentorium.
