"""A document as a letter: HTML of tables and inline styles, which mail clients show as they are, plain text that says
the same, and the picture within it. Whatever a title, a name or a teacher says is text, never markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from mentorium_core.i18n import t
from mentorium_core.identity.model import InlinePicture, Mail
from mentorium_core.reports.heading import child_name, header_period
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.template import whole_report
from mentorium_domain.enums import Language
from mentorium_rendering.picture import render_picture
from mentorium_rendering.theme import TONES

PICTURE_NAME: Final = "report-picture@mentorium"
_LONGEST_SUBJECT: Final = 150
_PNG: Final = b"\x89PNG"
_COLOURS: Final = {"good": "#1e7f4f", "slow": "#b25e09", "calm": "#33475b"}
_PLAIN_COLOUR: Final = _COLOURS["calm"]
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_LABEL: Final = re.compile(r"^([^\w\s«“\"•(&<]+ )([^:«»“”\"\d\n&<]{2,40}:)(?= )")
"""An emoji, a space, a few words and a colon, in text that is escaped."""
_FONT: Final = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_STYLE: Final = f"margin:0 0 16px;{_FONT};font-size:16px;line-height:1.5;color:#1b2733;overflow-wrap:anywhere"
_SMALL: Final = f"margin:0 0 8px;{_FONT};font-size:13px;line-height:1.5;color:#5b6875"


async def write_letter(to: str, language: Language, said: ReportDocument | str, unsubscribe_url: str) -> Mail:
    """The letter of a report, or of a notice's text. PictureError where its picture cannot be drawn."""
    if isinstance(said, str):
        subject, paragraphs, tone = t(language, "email-notice-subject"), _lines(said), _PLAIN_COLOUR
        after, picture = t(language, "email-notice-in-chat"), None
    else:
        name, period = child_name(said, language), header_period(language, said.period)
        kind = said.period.kind.value
        subject = t(language, "email-report-subject", name=name, kind=kind, period=period)
        paragraphs, tone = whole_report(said, language), _COLOURS[TONES[said.verdict]]
        after, picture = t(language, "email-answers-in-chat"), await _picture(said, language)
    return Mail(
        to=to,
        subject=one_line(subject),
        text=_text(paragraphs, after, language, unsubscribe_url),
        html=_html(
            paragraphs,
            after,
            language,
            unsubscribe_url,
            tone,
            with_title=not isinstance(said, str),
            with_picture=picture is not None,
        ),
        picture=picture,
        unsubscribe_url=unsubscribe_url,
    )


def one_line(text: str) -> str:
    """What a header may hold: one line, without what cannot be seen, and not too long."""
    return " ".join(_UNSEEN.sub(" ", text).split())[:_LONGEST_SUBJECT]


async def _picture(document: ReportDocument, language: Language) -> InlinePicture | None:
    if document.chart is None:
        return None
    drawn = await render_picture(document, language)
    return InlinePicture(PICTURE_NAME, "png" if drawn.startswith(_PNG) else "jpeg", drawn)


def _lines(text: str) -> list[list[str]]:
    return [paragraph.split("\n") for paragraph in text.split("\n\n")]


def _text(paragraphs: Sequence[Sequence[str]], after: str, language: str, url: str) -> str:
    said = ["\n".join(paragraph) for paragraph in paragraphs]
    foot = "\n".join([t(language, "email-why"), t(language, "email-unsubscribe-text", url=url)])
    return "\n\n".join([*said, after, f"-- \n{foot}"])


def _html(
    paragraphs: Sequence[Sequence[str]],
    after: str,
    language: str,
    url: str,
    tone: str,
    *,
    with_title: bool,
    with_picture: bool,
) -> str:
    title, told = "", list(paragraphs)
    if with_title:
        (title, *first), *others = paragraphs
        told = [first, *others] if first else others
    heading = f"{_FONT};margin:0 0 16px;font-size:21px;line-height:1.3;color:{tone}"
    body = f'<h1 style="{heading}">{escape(title)}</h1>' if title else ""
    if with_picture:
        alt = escape(t(language, "email-picture-alt"), quote=True)
        body += (
            f'<img src="cid:{PICTURE_NAME}" alt="{alt}" width="544" '
            'style="display:block;width:100%;max-width:544px;height:auto;border:0;margin:0 0 20px;border-radius:8px">'
        )
    body += "".join(f'<p style="{_STYLE}">{_marked_up(paragraph)}</p>' for paragraph in told)
    body += f'<p style="{_STYLE}">{escape(after)}</p>'
    link = f'<a href="{escape(url, quote=True)}" style="color:#5b6875">{escape(t(language, "email-unsubscribe"))}</a>'
    foot = f'<p style="{_SMALL}">{escape(t(language, "email-why"))}</p><p style="{_SMALL}">{link}</p>'
    return (
        f'<!doctype html><html lang="{escape(language, quote=True)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light"><meta name="supported-color-schemes" content="light"></head>'
        '<body style="margin:0;padding:0;background:#eef1f4">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#eef1f4">'
        '<tr><td align="center" style="padding:24px 12px">'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" '
        f'style="max-width:600px;background:#ffffff;border-top:4px solid {tone};border-radius:8px">'
        f'<tr><td align="left" style="padding:28px">{body}</td></tr></table>'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px">'
        f'<tr><td align="left" style="padding:16px 28px">{foot}</td></tr></table>'
        "</td></tr></table></body></html>"
    )


def _marked_up(paragraph: Sequence[str]) -> str:
    """Escaped, with the label that begins a line in bold, as in the chat."""
    return "<br>".join(_LABEL.sub(r"\1<strong>\2</strong>", escape(line, quote=False)) for line in paragraph)
