"""A child's name in a question that is none of the parent's children: what is told of others must not be told of it."""

from __future__ import annotations

import re
from typing import Final

_FIRST_NAMES: Final = """
aziza madina malika nilufar sevinch shahzoda gulnoza zarina mohira dildora kamola feruza laylo sabina oygul
mushtariy robiya hadicha zulfiya maftuna nigora umida shahnoza jasur bekzod sardor otabek temur timur diyorbek
javohir ulug'bek g'ayrat o'ktam islom asadbek shohruh azizbek doniyor firdavs abdulloh humoyun sanjar rustam akmal
botir davron farhod jamshid bobur alisher ali umar usmon zuhra fotima hasan husan said anvar sherzod dilshod nodir
kamron amir emir анна аня софия соня мария маша полина виктория вика дарья даша ксения алиса милана ева камила арина
артем максим иван ваня даниил даня кирилл михаил миша тимур матвей егор никита дима дмитрий саша александр алексей
леша сергей тимура тимуру полины максима максиму артема артему ивана кирилла егора матвея никиты алисы азиза мадина
малика нилуфар жасур бекзод сардор отабек темур бобур алишер умар умара emily sofia sophia oliver alikhan faridun
lucas aibek arman emma james john peter anna maria alice tom max daniel ben jack kate lily leo
"""
_NAMES: Final = frozenset(_FIRST_NAMES.split())
_ENDINGS: Final = re.compile("(jon|xon|bek|oy)?(ning|ga|ni|da|dan|niki|chi|'s)?$")
_WORDS_WITH_CAPITALS: Final = """
mentor ustoz ustozim canva alloh xudo ok mentorium telegram chatgpt gpt python scratch google youtube zoom openai
midjourney leonardo payme click stars i i'm i'd i've monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december english russian uzbek
uzbekistan tashkent christmas ms mr mrs miss январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь
декабрь ташкент узбекистан наставник здравствуйте вы вас вам ваш ваша ваше ваши siz toshkent o'zbekiston mentoriumda
mentoriumdagi
"""
_NO_NAMES: Final = frozenset(_WORDS_WITH_CAPITALS.split())
_QUOTED: Final = re.compile('[«“"„][^»”"]*[»”"]')
_TOKEN: Final = re.compile("⟦[^⟧]*⟧\\w*")
_STRANGER: Final = re.compile("⟦P\\d+⟧", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|'(?=[^\W\d_])|-(?=[^\W\d_]))*")
_SENTENCE_BEGINS: Final = re.compile(r"(?:^|[.!?…:\n])\W*$")


def names_in(text: str, *, only_common: bool = False) -> tuple[str, ...]:
    """Words of `text` (apostrophes folded, case as written) that are names; quotations are none, nor are tokens but
    ⟦P1⟧, which stands for somebody who is none of the family.

    `only_common`: where nothing else tells that it is about a child, a capital letter alone makes no name.
    """
    plain = _QUOTED.sub(" ", _TOKEN.sub(" x ", text))
    shouted = plain.isupper()
    return tuple(_STRANGER.findall(text)) + tuple(
        word[0]
        for word in _WORD.finditer(plain)
        if not shouted
        and _is_name(word[0], plain[: word.start()], plain)
        and (not only_common or _is_known(word[0].casefold()))
    )


def _is_name(word: str, before: str, text: str) -> bool:
    lower = word.casefold().replace("ё", "е")
    if {lower, _ENDINGS.sub("", lower)} & _NO_NAMES or (
        sum(letter.isupper() for letter in word) > 1 and "-" not in word
    ):
        return False
    if _is_known(lower):
        return word[0].isupper() or text.islower()
    return word[0].isupper() and _SENTENCE_BEGINS.search(before) is None


def _is_known(lower: str) -> bool:
    return lower in _NAMES or _ENDINGS.sub("", lower) in _NAMES
