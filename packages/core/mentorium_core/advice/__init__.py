"""The one thing to improve, the ten minutes, the question: chosen once, told alike by reports and by the mentor."""
