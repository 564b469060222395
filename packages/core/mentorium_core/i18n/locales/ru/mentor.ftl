# What the mentor says when it does not know whom the language model meant.
mentor-your-child = ваш ребёнок
