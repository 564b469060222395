"""Which updates are in hand, and from where on Telegram has to keep them for us."""

from __future__ import annotations


class OffsetWindow:
    """The updates received and not yet confirmed.

    Telegram forgets every update before the offset it is asked with, and repeats all others. So the offset stands at
    the first update that is not handled, however many after it are; those come again and are recognised here.
    """

    def __init__(self) -> None:
        self._handled: dict[int, bool] = {}
        self._offset: int | None = None

    def take(self, update_id: int) -> bool:
        """Whether this update is new to us; it is in hand from now on."""
        if update_id in self._handled:
            return False
        self._handled[update_id] = False
        return True

    def finish(self, update_id: int) -> None:
        """The update has been handled."""
        self._handled[update_id] = True

    @property
    def in_hand(self) -> int:
        return sum(not handled for handled in self._handled.values())

    @property
    def offset(self) -> int | None:
        """What to ask Telegram with: None before the first update, else the first that is not handled."""
        waiting = [update_id for update_id, handled in self._handled.items() if not handled]
        if waiting:
            return min(waiting)
        return max(self._handled) + 1 if self._handled else self._offset

    @property
    def confirmed(self) -> int | None:
        """The offset of the newest answered request."""
        return self._offset

    def confirm(self, offset: int | None) -> None:
        """Telegram has been asked with this offset: it will not repeat what is before it."""
        if offset is not None:
            self._offset = offset
            self._handled = {i: handled for i, handled in self._handled.items() if i >= offset or not handled}
