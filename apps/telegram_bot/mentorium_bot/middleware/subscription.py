"""What this parent may see at this moment: rights from the platform, access from the subscriptions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiogram import BaseMiddleware
from aiogram.dispatcher.flags import get_flag
from aiogram.types import TelegramObject

from mentorium_core.billing.model import Access, AccessView
from mentorium_core.billing.service import AccessOf
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.service import ChildrenOf
from mentorium_kit import clock

NEEDS_FAMILY: Final = {"needs_family": True}


@dataclass(frozen=True, slots=True)
class Family:
    """The children a parent may view now, and which of them are covered."""

    children: tuple[Child, ...]
    access: AccessView

    def child(self, student_id: int) -> Child | None:
        return next((child for child in self.children if child.student_id == student_id), None)

    @property
    def covered(self) -> tuple[Child, ...]:
        return tuple(child for child in self.children if self.access.of(child.student_id) is Access.FULL)


class LoadFamily:
    def __init__(self, children_of: ChildrenOf, access_of: AccessOf) -> None:
        self._children_of = children_of
        self._access_of = access_of

    async def __call__(self, parent: ParentView) -> Family:
        """Asked anew at each use. UnavailableError while the platform does not answer."""
        children = await self._children_of(parent)
        return Family(children, await self._access_of(parent, children, clock.now()))


class SubscriptionMiddleware(BaseMiddleware):
    """Gives `family` to the handlers that carry the flag NEEDS_FAMILY, which stand behind the gate of registration."""

    def __init__(self, load_family: LoadFamily) -> None:
        self._load_family = load_family

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        if get_flag(data, "needs_family"):
            data["family"] = await self._load_family(data["parent"])
        return await handler(event, data)
