"""The one command of operators: `mentorium`."""

from mentorium_kit.garbage import rest_while_loading

rest_while_loading()
