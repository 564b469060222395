"""The one command of operators: `mentorium`."""

from mentorium_kit.garbage import rest_while_loading
from mentorium_kit.interrupts import end_at_once_while_loading

end_at_once_while_loading("mentorium")
rest_while_loading()
