"""The worker: notices what is due, does the jobs, sends the messages."""

from mentorium_gateways.deferred_build import defer_models
from mentorium_kit.garbage import rest_while_loading
from mentorium_kit.lean_imports import leave_out_optional

rest_while_loading()
leave_out_optional()
defer_models()
