"""Engines that say a text aloud, each in its module, which brings its library with it.

`transcription` writes down what is said, and brings OpenAI's SDK.
"""
