"""The one command of operators: `mentorium`."""
