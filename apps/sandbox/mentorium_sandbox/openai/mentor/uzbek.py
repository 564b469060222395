"""Uzbek as people type it: in Cyrillic, without the letters that a Russian keyboard lacks, without apostrophes."""

from __future__ import annotations

import re
from typing import Final

_CYRILLIC: Final = "абвгдежзийклмнопрстуфхэыўқғҳ"
_LATIN_LETTERS: Final = "a b v g d e j z i y k l m n o p r s t u f x e i o' q g' h"
_LATIN: Final = str.maketrans(
    dict(zip(_CYRILLIC, _LATIN_LETTERS.split(), strict=True))
    | {"ё": "yo", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "'", "ь": "", "ю": "yu", "я": "ya"}
)
# A Russian keyboard has no ў қ ғ ҳ, a hurried hand no apostrophe: the stems of a parent's questions as they are meant.
_MEANT: Final = tuple(
    (re.compile(rf"\b{typed}"), meant)
    for typed, meant in (
        (r"[ou]'?ki|o'?qi", "o'qi"),
        (r"[ou]'?tgan", "o'tgan"),
        (r"[ou]'?tdi", "o'tdi"),
        (r"[ou]'?t(ilgan|yapti|adi)\b", r"o't\1"),
        (r"[ou]'?rgan", "o'rgan"),
        (r"[ou]'?zlashtir", "o'zlashtir"),
        (r"[ou]'?zi\b", "o'zi"),
        (r"[ou]g'?[iu]?l(?=im|i\b|ni)", "o'g'l"),
        (r"kiz(?=im|i\b|cha|ni|al)", "qiz"),
        (r"kan(?=day|aka)", "qan"),
        (r"kancha", "qancha"),
        (r"kachon", "qachon"),
        (r"kaysi", "qaysi"),
        (r"kil(?=a|i|s|d)", "qil"),
        (r"kiyin", "qiyin"),
        (r"kaytar", "qaytar"),
        (r"[kq]orq|kurk", "qo'rq"),
        (r"karz", "qarz"),
        (r"[kh]'?afta|xafta", "hafta"),
        (r"xaqi", "haqi"),
        (r"xozir", "hozir"),
        (r"xisobot", "hisobot"),
        (r"xar\b", "har"),
        (r"t[ou]'?lov", "to'lov"),
        (r"s[ou]'?rov", "so'rov"),
        (r"k[ou]'?rish", "ko'rish"),
        (r"k[ou]'?p", "ko'p"),
        (r"b[ou]'?l", "bo'l"),
        (r"y[ou]'?[kq]\b", "yo'q"),
        (r"maslaxat", "maslahat"),
        (r"raxmat", "rahmat"),
        (r"yutu[kq]", "yutuq"),
        (r"kech[kq]urun", "kechqurun"),
        (r"mu?'?xim", "muhim"),
    )
)
_LIKELY: Final = re.compile(
    r"\b(qanday|nega|nima\w*|qachon|qancha|necha|qaysi|hafta\w*|dars\w*|farzand\w*|bola\w*|qiz(im|i)\w*|o'g'l\w*|bu|shu|va|bilan"
    r"|uchun|haqida|o'qi\w*|o'tgan|o'tdi|kerak|yaxshimi|yomonmi|foiz\w*|ball?\w*|mavzu\w*|kecha|bugun|kechqurun|qil\w+|olgan|oldi"
    r"|kim\w*|salom|rahmat|ustoz\w*|obuna\w*|narx\w*|vazifa\w*|bormi|topshir\w*|maktab\w*|pul\w*|neyro\w*|ayt\w*|ber\w+)\b"
)
_RUSSIAN: Final = re.compile(
    r"\b(как\w*|что|где|когда|почему|за|на|не|это|этой|мой|моя|моего|моей|ли|для|по|ребен\w*|доч\w*|сын\w*|недел\w*|учит\w*"
    r"|урок\w*|тест(ы|ов|ам|ами|а)|тем(а|ы|у)|прошл\w*|сколько|кто|уже|ещё|еще|нам|мне|у|с|о|об|и|а|в)\b"
    r"|\w+(?:ое|ого|ому|ый|ий|ая|ые|ть|ться|ешь|ете|ют|ится|ает|ется|ются|ю)\b"
)


def is_uzbek_cyrillic(folded: str) -> bool:
    """Whether a text with Cyrillic letters is Uzbek, also where none of them is Uzbek's own."""
    if re.search("[ўқғҳ]", folded):
        return True
    return len(_LIKELY.findall(as_meant(folded))) > len(_RUSSIAN.findall(folded))


def as_meant(folded: str) -> str:
    """The text in Latin letters, its stems as they are spelt."""
    latin = folded.translate(_LATIN)
    for typed, meant in _MEANT:
        latin = typed.sub(meant, latin)
    return latin
