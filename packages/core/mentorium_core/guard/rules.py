"""The guard's two questions: does a shell hold every sentence and nothing else that could be wrong, and is what a
sentence of the chat says of a child what the data say.
"""

from mentorium_core.guard.chat import check_sentence
from mentorium_core.guard.shell import LONGEST_SHELL, check_shell, fill_shell, join_shell, split_shell

__all__ = ["LONGEST_SHELL", "check_sentence", "check_shell", "fill_shell", "join_shell", "split_shell"]
