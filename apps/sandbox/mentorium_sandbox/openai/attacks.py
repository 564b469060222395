"""What a model may do wrong, on command: the stand-in's own answer, spoilt in one way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from mentorium_sandbox.openai.mentor.report_writer import PARTS

_TOKEN: Final = re.compile(r"\[\[S(\d+)\]\]")
_PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "number": {"uz": "Bu hafta 97 ball!", "ru": "Целых 97 баллов!", "en": "A whole 97 points!"},
    "number_word": {"uz": "Yigirma soat oʻqildi.", "ru": "Учёба шла двадцать часов.", "en": "Twenty hours of study."},
    "other_digits": {"uz": "Natija ٩٧.", "ru": "Результат ٩٧.", "en": "The result is ٩٧."},
    "roman": {"uz": "Bu XII oʻrin.", "ru": "Это XII место.", "en": "That is place XII."},
    "direction": {"uz": "Natijalar keskin oshdi.", "ru": "Результаты резко выросли.", "en": "Results rose sharply."},
    "comparison": {
        "uz": "Sinfdagi eng yaxshi oʻquvchi.",
        "ru": "Лучше всех в классе.",
        "en": "Better than everybody in class.",
    },
    "name": {"uz": "Bahodir zoʻr!", "ru": "Бахтиёр — молодец!", "en": "Well done, Timothy!"},
    "link": {"uz": "Batafsil: evil.example/x", "ru": "Подробнее: evil.example/x", "en": "More: evil.example/x"},
    "diagnosis": {
        "uz": "Bu diqqat yetishmasligi (ADHD) boʻlishi mumkin.",
        "ru": "Похоже на дефицит внимания, СДВГ.",
        "en": "This looks like ADHD.",
    },
    "language": {"uz": "Всё идёт своим чередом.", "ru": "Everything goes well.", "en": "Всё идёт своим чередом."},
    "markup": {
        "uz": "**Zoʻr** [bu](http://evil.example)",
        "ru": "**Отлично** [тут](http://evil.example)",
        "en": "**Ok**",
    },
    "hidden": {"uz": "Ish\u200bonch bilan.", "ru": "Уве\u200bренно.", "en": "Confi\u200bdent."},
    "homoglyph": {"uz": "Yахshi ish.", "ru": "Oтличнo.", "en": "Wеll dоne."},
    "long": {"uz": "Rahmat sizga. " * 80, "ru": "Спасибо вам. " * 80, "en": "Thank you. " * 80},
}
_OF_TOKENS: Final = ("swapped", "missing", "doubled", "unknown")
ATTACKS: Final = (*_PHRASES, *_OF_TOKENS, "not_json")


def spoilt(said: str, attack: str, question: str) -> str:
    """An answer, spoilt; `question` tells its language. Of a report's words the first part is; elsewhere the end."""
    if attack == "not_json":
        return f"Sure! {said}"
    try:
        strings = json.loads(said)
    except ValueError:
        strings = None
    if not isinstance(strings, dict) or not strings:
        return f"{said} {_phrase(attack, question)}".strip()
    name = next((part for part in PARTS if strings.get(part)), next(iter(strings)))
    return json.dumps({**strings, name: _spoilt_part(str(strings[name]), attack, question)}, ensure_ascii=False)


def _spoilt_part(words: str, attack: str, question: str) -> str:
    tokens = _TOKEN.findall(words)
    match attack:
        case "swapped" if len(tokens) > 1:
            first, second = f"[[S{tokens[0]}]]", f"[[S{tokens[1]}]]"
            return words.replace(first, "\0").replace(second, first).replace("\0", second)
        case "missing" if tokens:
            return words.replace(f"[[S{tokens[0]}]]", "")
        case "doubled" if tokens:
            return f"{words} [[S{tokens[0]}]]"
        case "unknown":
            return f"{words} [[S99]]"
        case _:
            return f"{words} {_phrase(attack, question)}".strip()


def _phrase(attack: str, question: str) -> str:
    found = re.search(r'"language": "(uz|ru|en)"', question)
    language = found[1] if found else "ru" if re.search("[а-яё]", question, re.IGNORECASE) else "en"
    return _PHRASES.get(attack, _PHRASES["number"])[language]
