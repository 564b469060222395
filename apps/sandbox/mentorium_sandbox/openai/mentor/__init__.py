"""The scripted mentor: answers a parent as a language model would, but the same way every time.

It understands a question by patterns (`understanding`), asks for the tools that fit it (`plan`), and says what their
results hold in the language of the question (`telling`, in the words of `words`). All it knows is in the request.
"""

from mentorium_sandbox.openai.mentor.mentor import answer

__all__ = ["answer"]
