"""The HTML of a rich message, as far as this sandbox shows it: blocks with formatted text."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

Json = dict[str, Any]
_STYLES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "code": "code",
    "mark": "marked",
    "sub": "subscript",
    "sup": "superscript",
}
_HEADINGS = {f"h{size}": size for size in range(1, 7)}
_BLOCKS = frozenset({"p", "div", "li", "pre", "blockquote", "footer", "summary", "td", "th", "tr", *_HEADINGS})


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Json] = []
        self._block = "p"
        self._numbers: list[int | None] = []
        self._open: list[tuple[str, str | None, list[Any]]] = [("", None, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_block()
            self._block = tag
        elif tag in ("ul", "ol"):
            self.end_block()
            self._numbers.append(0 if tag == "ol" else None)
        elif tag == "hr":
            self.end_block()
            self.blocks.append({"type": "divider"})
        elif tag == "br":
            self._open[-1][2].append("\n")
        elif (tag in _STYLES or tag == "a") and self._block != "pre":
            self._open.append((tag, dict(attrs).get("href"), []))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
        elif tag in ("ul", "ol") and self._numbers:
            self.end_block()
            self._numbers.pop()
        elif any(name == tag for name, _, _ in self._open):
            while self._close_inline() != tag:
                pass

    def handle_data(self, data: str) -> None:
        text = data if self._block == "pre" else " ".join(f"x{data}x".split())[1:-1]
        if text.strip() or self._open[-1][2] or len(self._open) > 1:
            self._open[-1][2].append(text)

    def end_block(self) -> None:
        while len(self._open) > 1:
            self._close_inline()
        text = self._open[0][2]
        self._open[0] = ("", None, [])
        kind, self._block = self._block, "p"
        if text:
            self._add(kind, text[0] if len(text) == 1 else text)

    def _close_inline(self) -> str:
        tag, url, inside = self._open.pop()
        text = inside[0] if len(inside) == 1 else inside
        if tag == "a" and not url:
            self._open[-1][2].append(text)
        elif text:
            kind = {"type": "url", "url": url} if tag == "a" else {"type": _STYLES[tag]}
            self._open[-1][2].append({**kind, "text": text})
        return tag

    def _add(self, kind: str, text: Any) -> None:
        if kind in _HEADINGS or kind == "summary":
            self.blocks.append({"type": "heading", "size": _HEADINGS.get(kind, 4), "text": text})
        elif kind == "li":
            self._add_item({"type": "paragraph", "text": text})
        elif kind == "blockquote":
            self.blocks.append({"type": "blockquote", "blocks": [{"type": "paragraph", "text": text}]})
        else:
            self.blocks.append({"type": kind if kind in ("pre", "footer") else "paragraph", "text": text})

    def _add_item(self, block: Json) -> None:
        number = self._numbers[-1] if self._numbers else None
        if number is not None:
            self._numbers[-1] = number + 1
        item = {"label": "•" if number is None else f"{number + 1}.", "blocks": [block]}
        last = self.blocks[-1] if self.blocks else {}
        if last.get("type") == "list" and (number is None) == (last["items"][0]["label"] == "•") and number != 0:
            last["items"].append(item)
        else:
            self.blocks.append({"type": "list", "items": [item]})


def html_blocks(source: str) -> list[Json]:
    """The blocks of a rich message; tags that this sandbox does not show leave their text."""
    parser = _Blocks()
    parser.feed(source)
    parser.close()
    parser.end_block()
    return parser.blocks
