"""The catalogues are complete and clean in every language, and hold nothing that nobody says."""

from __future__ import annotations

import ast as python
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, FluentSerializer, ast
from fluent.syntax.visitor import Visitor
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.i18n import CatalogueError, format_number, format_percent, has_text, t
from mentorium_core.i18n.catalogue import LOCALES_FOLDER
from mentorium_domain.enums import Language

ROOT = Path(__file__).parents[4]
KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9_]+)+")
FAMILY_PREFIX = re.compile(r"[a-z][a-z0-9]*-([a-z0-9_]+-)*")
WORD = re.compile(r"[^\W\d_]+")
LATIN, CYRILLIC = re.compile("[A-Za-z]"), re.compile("[\u0400-\u04ff]")


class _Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)


class _References(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)

    def visit_TermReference(self, node: ast.TermReference) -> None:  # noqa: N802 - the library's name
        self.names.add(node.id.name)


@cache
def messages(language: str) -> list[ast.Message]:
    parser = FluentParser()
    paths = sorted((LOCALES_FOLDER / language).glob("*.ftl"))
    resources = (parser.parse(path.read_text(encoding="utf-8")) for path in paths)
    return [entry for resource in resources for entry in resource.body if isinstance(entry, ast.Message)]


def texts(language: str) -> dict[str, str]:
    """Each message as it stands in the file, without the comments."""
    serializer = FluentSerializer()
    return {entry.id.name: str(serializer.serialize_entry(bare(entry))) for entry in messages(language)}


def bare(entry: ast.Message) -> ast.Message:
    return ast.Message(entry.id, entry.value, entry.attributes)


def variables(entry: ast.Message) -> set[str]:
    visitor = _Variables()
    visitor.visit(entry)
    return visitor.names


@cache
def product_strings() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Of all product code: every string, what every f-string begins with, and the keys given to `t` or an error."""
    strings: set[str] = set()
    prefixes: set[str] = set()
    keys: set[str] = set()
    for path in [*(ROOT / "packages").rglob("*.py"), *(ROOT / "apps").rglob("*.py")]:
        if "mentorium_sandbox" in path.parts:
            continue
        for node in python.walk(python.parse(path.read_text(encoding="utf-8"))):
            match node:
                case python.JoinedStr(values=[python.Constant(value=str(start)), *_]):
                    prefixes.add(start)
                case python.Constant(value=str(value)):
                    strings.add(value)
                case python.Call(func=python.Name(id="t"), args=[_, python.Constant(value=str(key)), *_]):
                    keys.add(key)
                case python.AnnAssign(target=python.Name(id="message_key"), value=python.Constant(value=str(key))):
                    keys.add(key)
                case python.Assign(targets=[python.Name(id="message_key")], value=python.Constant(value=str(key))):
                    keys.add(key)
    return frozenset(strings), frozenset(prefixes), frozenset(keys)


def test_no_text_is_given_twice() -> None:
    for language in Language:
        names = [entry.id.name for entry in messages(language)]
        assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]


@pytest.mark.parametrize("language", Language)
def test_every_text_is_found_and_refers_to_no_other(language: str) -> None:
    """A file is read when the first of its texts is: another's would not be there."""
    references = _References()
    for entry in messages(language):
        assert has_text(language, entry.id.name)
        references.visit(entry)
    assert references.names == set()


@pytest.mark.parametrize("language", Language)
def test_every_language_has_the_same_texts_with_the_same_variables(language: str) -> None:
    mine = {entry.id.name: variables(entry) for entry in messages(language)}
    english = {entry.id.name: variables(entry) for entry in messages("en")}
    assert sorted(mine) == sorted(english)
    assert [key for key in mine if mine[key] != english[key]] == []


def test_every_text_is_used() -> None:
    strings, prefixes, _ = product_strings()
    families = tuple(prefix for prefix in prefixes if FAMILY_PREFIX.fullmatch(prefix))
    keys = (entry.id.name for entry in messages("en"))
    assert [key for key in keys if key not in strings and not key.startswith(families)] == []


def test_no_text_is_missing() -> None:
    _, _, keys = product_strings()
    assert keys
    assert [key for key in sorted(keys) if not has_text("en", key)] == []


def test_what_looks_like_a_key_of_the_catalogues_is_one() -> None:
    strings, _, _ = product_strings()
    subjects = {entry.id.name.partition("-")[0] for entry in messages("en")}
    for string in sorted(strings):
        if string.partition("-")[0] in {"error", "report", "picture", "win", "improve", "idle"} & subjects:
            assert not KEY.fullmatch(string) or has_text("en", string) or string == "report-picture", string


def test_uzbek_apostrophes_have_one_form() -> None:
    for key, text in texts("uz").items():
        assert not re.search("[\u2018\u2019`\u00b4\u02b9]", text), key
        assert "'" not in text, key
        assert not re.search("(?<![oOgG])\u02bb|(?<=[oOgG])\u02bc", text), key


@pytest.mark.parametrize("language", Language)
def test_no_word_mixes_scripts(language: str) -> None:
    for key, text in texts(language).items():
        mixed = [word for word in WORD.findall(text) if LATIN.search(word) and CYRILLIC.search(word)]
        assert mixed == [], key


def test_plurals() -> None:
    lessons = {count: t("ru", "picture-lessons", count=count) for count in (1, 2, 5, 11, 21, 22, 111)}
    assert lessons[1] == lessons[21] == "урок пройден"
    assert lessons[2] == lessons[22] == "урока пройдено"
    assert lessons[5] == lessons[11] == lessons[111] == "уроков пройдено"
    assert [t("en", "picture-lessons", count=count) for count in (1, 2)] == ["lesson finished", "lessons finished"]
    assert len({t("uz", "picture-lessons", count=count) for count in (1, 2, 5)}) == 1


def test_a_missing_text_or_argument_is_an_error() -> None:
    with pytest.raises(CatalogueError, match="text_missing"):
        t("en", "no-such-text")
    with pytest.raises(CatalogueError, match="text_broken"):
        t("en", "format-money")
    with pytest.raises(CatalogueError, match="language_unknown"):
        t("de", "format-money", number="1")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("number", "said"),
    [
        pytest.param(10**400, "1.00E+400", id="large"),
        pytest.param(-(10**5000), "-1.00E+5000", id="huge"),
        (Decimal("1.239E+400"), "1.24E+400"),
        (1e300, "1.00E+300"),
        (1e-300, "0"),
        (Decimal("1E-999999"), "0"),
        (float("nan"), "NaN"),
        (Decimal("sNaN"), "NaN"),
        (float("inf"), "∞"),
        (Decimal("-inf"), "-∞"),
        (True, "1"),
        (Decimal("21.0"), "21"),
    ],
)
def test_any_number_is_said_and_breaks_no_text(language: Language, number: float | Decimal, said: str) -> None:
    assert said in t(language, "told-lessons", count=number)
    assert t(language, "picture-lessons", count=number)
    assert format_number(language, Decimal(number)) == said
    assert said in format_percent(language, Decimal(number))


@given(
    st.integers() | st.floats() | st.decimals() | st.integers(10**20, 10**40) | st.text() | st.booleans(),
    st.sampled_from(Language),
)
def test_no_argument_of_these_types_breaks_a_text(argument: float | Decimal | str, language: Language) -> None:
    assert t(language, "told-lessons", count=argument)
    assert t(language, "picture-lessons", count=argument)


def test_a_number_chooses_its_plural_whatever_its_type() -> None:
    for one in (1, 1.0, Decimal(1), Decimal("1.0")):
        assert t("en", "picture-lessons", count=one) == "lesson finished"


@pytest.mark.parametrize("argument", [None, b"x", [1], object()])
def test_what_is_no_text_and_no_number_is_an_error(argument: object) -> None:
    for key in ("told-lessons", "picture-lessons"):
        with pytest.raises(CatalogueError, match="text_broken"):
            t("en", key, count=argument)  # type: ignore[arg-type]


def test_a_text_is_no_longer_than_its_arguments_may_be() -> None:
    assert len(t("en", "format-quoted", text="x" * 10**6)) < 2_100


def test_an_argument_is_never_read_as_a_template() -> None:
    assert t("en", "format-quoted", text="{ $text } <b>\n") == "“{ $text } <b>\n”"
