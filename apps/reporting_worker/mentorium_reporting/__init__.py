"""The worker: notices what is due, does the jobs, sends the messages."""

from mentorium_kit.interrupts import end_at_once_while_loading

end_at_once_while_loading()

from mentorium_gateways.deferred_build import defer_models  # noqa: E402 - may be interrupted already
from mentorium_kit.garbage import rest_while_loading  # noqa: E402
from mentorium_kit.lean_imports import leave_out_optional  # noqa: E402

rest_while_loading()
leave_out_optional()
defer_models()
