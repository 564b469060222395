"""A report as a letter: it says what the chat says and more, its picture stands in it, and nothing in it is markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.reports.model import ReportDocument, TeacherComment
from mentorium_core.reports.rules import compose
from mentorium_core.reports.template import whole_report
from mentorium_domain.enums import Language
from mentorium_rendering.email import PICTURE_NAME, one_line, write_letter
from tests.unit.core.reports.known import NOW, aziza

URL = "https://bot.example.uz/mail/unsubscribe/7.abc?x=1&y=2"
MARKUP = '<script>alert(1)</script><img src=x onerror="x">&amp;</p>'


def document(**changes: object) -> ReportDocument:
    return compose(replace(aziza(), **changes), NOW, Access.FULL, Memory(), asked=False)  # type: ignore[arg-type]


class Reader(HTMLParser):
    """What a reader of the HTML sees, and of which elements it is made."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.text += "\n" if tag in {"br", "p", "h1"} else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("language", Language)
async def test_html_and_text_say_the_same_and_all_of_it(language: Language) -> None:
    report = document()
    mail = await write_letter("dilnoza@example.uz", language, report, URL)
    read = Reader(mail.html)
    for paragraph in whole_report(report, language):
        for line in paragraph:
            assert line in mail.text
            assert line.strip() in read.text
    assert URL in mail.text
    assert [link["href"] for link in read.of("a")] == [URL]
    assert (mail.to, mail.unsubscribe_url) == ("dilnoza@example.uz", URL)
    assert report.name in mail.subject


async def test_the_picture_stands_in_the_letter_and_has_words_for_who_sees_none() -> None:
    mail = await write_letter("dilnoza@example.uz", Language.RU, document(), URL)
    assert mail.picture is not None
    assert mail.picture.name == PICTURE_NAME
    assert mail.picture.kind in {"png", "jpeg"}
    (image,) = Reader(mail.html).of("img")
    assert image["src"] == f"cid:{PICTURE_NAME}"
    assert image["alt"]


async def test_names_and_words_are_never_markup() -> None:
    report = document()
    report = replace(report, name=MARKUP, blocks=(*report.blocks, TeacherComment(author=MARKUP, body=MARKUP)))
    mail = await write_letter("dilnoza@example.uz", Language.EN, report, URL)
    read = Reader(mail.html)
    assert len(read.of("img")) == 1
    assert read.of("script") == []
    assert "<script>" in read.text, "as a reader sees it"
    assert "<script>" in mail.text


async def test_no_client_has_to_know_a_style_sheet_or_load_anything() -> None:
    mail = await write_letter("dilnoza@example.uz", Language.UZ, document(), URL)
    assert re.findall(r"<(style|link|script|iframe|form)\b", mail.html) == []
    assert [url for url in re.findall(r"https?://[^\s\"<]+", mail.html) if not url.startswith(URL[:20])] == []
    assert len(mail.html.encode()) < 100_000, "longer ones are cut by some"


async def test_a_notice_is_a_letter_without_picture() -> None:
    mail = await write_letter("dilnoza@example.uz", Language.EN, "It ends on 3 December.\n\nTwo <b>tags</b>", URL)
    assert mail.picture is None
    assert "It ends on 3 December." in Reader(mail.html).text
    assert "<b>" not in mail.html


@pytest.mark.parametrize("wrong", ["a\r\nBcc: b@example.uz", "a\u2028b", "a\x00b", "\u202eabc", "x" * 500])
def test_a_subject_is_one_line(wrong: str) -> None:
    assert re.fullmatch(r"[^\x00-\x1f\u2028\u2029\u202e]{0,150}", one_line(wrong))
