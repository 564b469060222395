"""What a parent who has just come in may do: nobody is invited to ask and then refused."""

from __future__ import annotations

from dataclasses import dataclass

from mentorium_core.billing.queries import GetFamilyAccess
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Greeting:
    get_family_access: GetFamilyAccess

    async def after(self, text: str, parent: ParentView) -> str:
        """The text, and then what is open to this parent, and what a subscription would open.

        While the platform is away nobody knows, and the text stands alone.
        """
        try:
            family = await self.get_family_access(parent)
        except UnavailableError as error:
            logger.info("greeting_shortened", code=error.code)
            return text
        language, taste = parent.language, family.taste
        if not family.children:
            return text
        if family.access.any:
            opened = t(language, "greeting-open")
        elif taste.questions or taste.reports:
            opened = t(language, "greeting-taste", answers=taste.questions, reports=taste.reports)
        else:
            opened = t(language, "greeting-free")
        return f"{text}\n\n{opened}"
