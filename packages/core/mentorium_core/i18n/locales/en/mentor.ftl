# What the mentor says when it does not know whom the language model meant.
mentor-your-child = your child
# Where to reach the teacher: told to the model with the teacher's words.
mentor-reach-teacher = This chat has no direct line to the teacher. The teacher's last words are shown by /teacher; to write to the teacher or to ask for a call, turn to the school on the Mentorium platform.
