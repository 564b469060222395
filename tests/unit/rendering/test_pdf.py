"""The report as a PDF: tagged, PDF/UA-1, told whole in every language, and no data is ever read as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from mentorium_core.advice.model import Memory
from mentorium_core.progress.model import Comment, Titles, Verdict
from mentorium_core.reports.model import PeriodNote, ReportDocument, StrongTopic, VerdictLine, WeekLine
from mentorium_core.reports.rules import compose
from mentorium_domain.enums import Language
from mentorium_rendering import pdf as pdf_writer
from mentorium_rendering.pdf import PdfError, pdf_data, render_pdf, write
from tests.unit.core.reports.random_facts import RandomLearner
from tests.unit.core.reports.twelve import MONTH, NOW, TWELVE, WEEK, One

MADE_ON = date(2026, 11, 1)
MARKUP = '#panic("read") $x^2$ *bold* _it_ = h\n@ref <label> \\ " ] } {{data}} #read("/etc/passwd") https://e.example'


def document(one: One, **changes: object) -> ReportDocument:
    facts = replace(one.facts(MONTH), **changes)  # type: ignore[arg-type]
    return compose(facts, NOW, one.access, Memory(), asked=False)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf), strict=True)


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read(pdf).pages))


def tags(pdf: bytes) -> list[Any]:
    """The elements of the structure tree, in the order in which they are read aloud."""
    return list(_below(read(pdf).root_object["/StructTreeRoot"]))


def _below(element: Any) -> Iterator[Any]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if isinstance(found, dict) and "/S" in found:
            yield found
            yield from _below(found)


@pytest.mark.parametrize("language", Language)
async def test_it_is_a_tagged_pdf_ua_in_its_language(language: Language) -> None:
    pdf = await render_pdf(document(TWELVE[0]), language, MADE_ON)
    reader = read(pdf)
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"].value
    assert str(root["/Lang"]).startswith(language)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert "Азиза" in str(reader.metadata.title)
    packet = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=\"1\"", packet)
    kinds = [str(tag["/S"]) for tag in tags(pdf)]
    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2")
    assert {"/Table", "/TH", "/TD", "/L", "/LI", "/Figure"} <= set(kinds)
    figures = [tag for tag in tags(pdf) if tag["/S"] == "/Figure"]
    assert figures
    assert all(str(figure.get("/Alt", "")) for figure in figures), "each picture is told in words"


@pytest.mark.parametrize("one", TWELVE, ids=lambda one: one.name)
async def test_each_of_the_twelve_is_told_whole(one: One) -> None:
    language = list(Language)[TWELVE.index(one) % 3]
    report = document(one)
    pdf = await render_pdf(report, language, MADE_ON)
    told, data = text_of(pdf), pdf_data(report, language, MADE_ON)
    assert len(read(pdf).pages) <= 2
    assert data["name"] in told
    for part in data["parts"]:
        assert part["title"] in told
        for line in part["lines"]:
            assert re.sub(r"\s+", " ", line) in told, line


def test_each_kind_of_block_is_told_in_the_file() -> None:
    """The verdict is the document's own, and the strongest topic is drawn."""
    untold = set[type]()
    for seed in range(100):
        learner = RandomLearner(seed, MONTH)
        report = compose(learner.facts, learner.now, TWELVE[0].access, Memory(), asked=True)
        whole = pdf_data(report, Language.EN, MADE_ON)
        for kind in {type(block) for block in report.blocks}:
            without = tuple(block for block in report.blocks if type(block) is not kind)
            if pdf_data(replace(report, blocks=without), Language.EN, MADE_ON) == whole:
                untold.add(kind)
    assert untold == {PeriodNote, VerdictLine, StrongTopic}


async def test_every_learner_of_a_month_has_a_file() -> None:
    for seed in range(20):
        learner = RandomLearner(seed, MONTH)
        report = compose(learner.facts, learner.now, TWELVE[0].access, Memory(), asked=True)
        assert read(await render_pdf(report, list(Language)[seed % 3], MADE_ON)).pages


async def test_data_is_never_read_as_markup() -> None:
    hurting = tuple(replace(test, title=Titles(en=MARKUP)) for test in TWELVE[0].facts(MONTH).tests)
    words = (Comment(MARKUP, MARKUP, MONTH.last_day),)
    pdf = await render_pdf(document(TWELVE[0], display_name="#panic()", tests=hurting, comments=words), "en", MADE_ON)  # type: ignore[arg-type]
    told = text_of(pdf)
    assert '#panic("read") $x^2$ *bold* _it_ = h @ref <label>' in told
    assert "root:" not in told
    assert not [page for page in read(pdf).pages if "/Annots" in page], "an address in somebody's words is no link"


@pytest.mark.parametrize(
    "text", ["李雷 🎈", "a" * 1800, "\u0000\u0085\u202eabc", "и\u0306" * 900, "\U0010ffff" * 5, " ", "ʽ\u0149\u200b"]
)
async def test_no_words_are_too_strange_or_too_long(text: str) -> None:
    strange = Titles(en=text)
    tests = tuple(replace(test, title=strange) for test in TWELVE[0].facts(MONTH).tests)
    comments = (Comment(text, text, MONTH.last_day),) * 3
    report = document(TWELVE[0], display_name=text, tests=tests, comments=comments)
    pdf = await render_pdf(report, "ru", MADE_ON)  # type: ignore[arg-type]
    assert len(read(pdf).pages) <= 4


async def test_the_week_that_is_told_with_its_month_stands_in_the_file() -> None:
    month = document(TWELVE[0])
    line = WeekLine(WEEK, Verdict.ON_TRACK, False, 5_400, 2)
    pdf = await render_pdf(replace(month, blocks=(*month.blocks, line)), Language.EN, MADE_ON)
    assert "1 h 30 min" in text_of(pdf)


def test_a_long_word_may_be_broken_anywhere_and_no_other_word_is() -> None:
    titles = Titles(en="x" * 90 + " characteristically")
    topics = tuple(replace(topic, title=titles) for topic in TWELVE[0].facts(MONTH).topics)
    data = pdf_data(document(TWELVE[0], topics=topics), Language.EN, MADE_ON)
    topic, *_ = [meter["title"] for part in data["parts"] for meter in part["meters"]]
    assert max(map(len, re.split("[\u200b ]", topic))) <= 12
    assert "\u200b" not in json.dumps(pdf_data(document(TWELVE[0]), Language.RU, MADE_ON), ensure_ascii=False)


def test_the_bars_are_told_day_by_day() -> None:
    days = tuple(600 if day in (0, 2) else 0 for day in range(31))
    alternative = pdf_data(document(TWELVE[0], day_seconds=days), Language.EN, MADE_ON)["chart"]["alt"]
    assert "1 — 10; 3 — 10." in alternative


def test_a_panic_of_typst_is_told_as_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no Exception: unheard it would go through every edge."""

    class Panic(BaseException):
        pass

    class Panics:
        def compile(self, **_: object) -> bytes:
            raise Panic

    data = json.dumps(pdf_data(document(TWELVE[0]), Language.EN, MADE_ON))
    with monkeypatch.context() as patch:
        patch.setattr("mentorium_rendering.pdf.compiler", lambda _: Panics())
        pdf_writer._own.__dict__.clear()
        with pytest.raises(PdfError, match="Panic"):
            write(data)
    assert write(data).startswith(b"%PDF"), "the next one is written again"


def test_what_cannot_be_written_says_so_without_the_data() -> None:
    """The reason goes to the log: no letter of a name stands in it."""
    data = pdf_data(document(TWELVE[0]), Language.EN, MADE_ON)
    with pytest.raises(PdfError) as caught:
        write(json.dumps({**data, "verdict": "李雷"}))
    assert "李" not in str(caught.value)
    assert write(json.dumps(data)).startswith(b"%PDF"), "the next one is written again"
