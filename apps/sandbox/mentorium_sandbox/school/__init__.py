"""The demo school: what the Mentorium platform shows of itself through the contract views."""

from mentorium_sandbox.school.demo import DEMO_FAMILIES, DemoFamily
from mentorium_sandbox.school.installation import ForeignDatabaseError, install, read_only_dsn
from mentorium_sandbox.school.link_code import link_code
from mentorium_sandbox.school.school import School, tell_time
from mentorium_sandbox.school.school_api import routes
from mentorium_sandbox.school.seeding import is_seeded, seed

__all__ = [
    "DEMO_FAMILIES",
    "DemoFamily",
    "ForeignDatabaseError",
    "School",
    "install",
    "is_seeded",
    "link_code",
    "read_only_dsn",
    "routes",
    "seed",
    "tell_time",
]
