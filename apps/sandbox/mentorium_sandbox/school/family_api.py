"""GET /sandbox/platform/family: whose children a parent of the chat page is to be asked about."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import query_integer
from mentorium_sandbox.school.copy_format import Connection

_FIND_GUARDIAN = """
SELECT guardian_id FROM platform.guardian
WHERE guardian_id = $1 OR phone_e164 = $2 OR email = $3
ORDER BY guardian_id = $1 DESC, guardian_id LIMIT 1
"""
_STUDENTS = """
SELECT student_id, display_name AS full_name FROM platform.student
WHERE student_id IN (
    SELECT student_id FROM platform.guardian_student
    WHERE guardian_id = $1 AND can_view_progress AND valid_to IS NULL
)
ORDER BY student_id
"""


async def family(connection: Connection, request: web.Request) -> web.Response:
    """The guardian with this `guardian_id`, `phone` (E.164) or `email`, null if there is none, and the children."""
    phone, email = request.query.get("phone"), request.query.get("email", "").lower()
    guardian_id = await connection.fetchval(_FIND_GUARDIAN, query_integer(request, "guardian_id"), phone, email)
    students: list[dict[str, Any]] = [dict(row) for row in await connection.fetch(_STUDENTS, guardian_id)]
    return web.json_response({"guardian_id": guardian_id, "students": students})
