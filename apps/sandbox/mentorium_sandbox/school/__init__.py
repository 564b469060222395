"""The demo school: what the Mentorium platform shows of itself through the contract views."""

from mentorium_sandbox.school.installation import install, read_only_dsn

__all__ = ["install", "read_only_dsn"]
