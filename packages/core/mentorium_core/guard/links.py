"""What a link is: the one notion, for what takes links away and for what must not become one.

A link carries a scheme or `www.`, or is a known host with a path; an address of mail and a @name lead somewhere, too.
`Leonardo.Ai`, `ASP.NET` and `@property` are names of tools. Telegram makes links of its own accord besides (`evil.xyz`
alone): `clickable_spans` tells of what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_COUNTRIES: Final = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd"
    " cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd"
    " ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg"
    " kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv"
    " mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa"
    " sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug"
    " uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw рф рус бел укр қаз срб мон мкд бг ею"
)
_KINDS: Final = (
    "academy agency app art asia audio auction bar best bet bid bike biz blog bond book bot boutique box build business"
    " buzz cab cafe cam camp capital cards care casa cash casino cat center chat cheap church city click clinic cloud"
    " club coach codes coffee com community company computer cool coop country credit cyou dance date deals delivery"
    " design dev dental diet digital direct directory dog domains download earth edu education email energy events"
    " exchange expert express family fan fans farm fashion finance fit fitness food football forsale forum foundation"
    " fun fund fyi gallery game games gay gdn gift gifts gold golf gov graphics group guide guru hair health help host"
    " hosting house icu immo inc info ink institute int international jobs jewelry kids kim land lat law legal life"
    " limited link live llc loan loans lol london ltd luxe market marketing mba media men mil mobi moe mom monster"
    " moscow movie museum music name net network new news ngo ninja now observer one onl online org page partners party"
    " pet photo photography photos pics pictures pink pizza place plus porn press pro productions promo pub quest"
    " racing realty recipes rent repair report rest restaurant review reviews rip rocks run sale school science"
    " services sex sexy shop shopping show singles site skin soccer social software solutions space sport store stream"
    " studio study style sucks support surf systems tatar team tech technology tel theater tips today tools top tours"
    " town toys trade training travel tube university vacations ventures vet video vip vision vodka vote wang watch"
    " webcam website wedding wiki win work works world wtf xin xxx xyz yachts yoga zip zone москва сайт онлайн орг дети"
    " ком"
)
_TOP_DOMAINS: Final = frozenset(f"{_COUNTRIES} {_KINDS}".split())
_DECORATOR_WORDS: Final = (
    "abstractmethod app autowired bean cache cached_property charset classmethod click client commands component"
    " contextmanager contextlib dataclass dataclasses decorator deprecated directive dp entity end fixture function"
    " functools if implementation import include injectable input interface jit keyframes layer lru_cache media mixin"
    " njit numba override overload param patch property pytest return router selector setter state staticmethod"
    " supports test tf torch use validator wraps"
)
_DECORATORS: Final = frozenset(_DECORATOR_WORDS.split())
"""Words that stand behind an @ in code; Telegram's @names are others."""

_NO_MARK: Final = r"[^\s<>\"«»`*)\]]"
_SCHEME: Final = re.compile(
    rf"<?\w{{0,20}}://{_NO_MARK}*>?|<?\b(?:javascript|vbscript|mailto|tel|tg|sms|data|file|intent):(?=\S)(?!//){_NO_MARK}+>?"
    rf"|<?(?<!\w)www\.{_NO_MARK}+>?",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"<?[\w.+-]{1,64}+@[\w-](?:[\w-]|\.(?=[\w-]))*+>?")
_AT_NAME: Final = re.compile(r"@(?P<word>[A-Za-z]\w{0,64}+)(?:\.(?=[a-z])|[\w-])*")
_HOST: Final = re.compile(
    rf"<?(?<![\w@./-])(?P<host>[^\W_](?:[\w-]|\.(?=[\w-]))*)(?::\d{{1,5}})?(?P<path>/{_NO_MARK}*|[?#][\w=&%-]+)?>?"
)
_ADDRESS: Final = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
_TWO_NAMES: Final = re.compile(r"/[^\W\d_a-zа-яё][\w#+]*")
_PHONE: Final = re.compile(r"(?<![\w+])\+\d(?:[ ()-]?\d){8,14}(?!\d)")


def link_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the links of a text stand, mail addresses and @names among them; they may lie within each other."""
    yield from addresses_with_scheme(text)
    yield from (match.span() for match in _MAIL.finditer(text))
    yield from (match.span() for match in _AT_NAME.finditer(text) if match["word"].lower() not in _DECORATORS)
    for match in _HOST.finditer(text):
        path = match["path"] or ""
        if path.startswith("/") and _is_host(match["host"]) and not _names_two_tools(match["host"], path):
            yield match.span()


def addresses_with_scheme(text: str) -> Iterator[tuple[int, int]]:
    """Where something with a scheme or `www.` stands: a link in program code, too."""
    return (match.span() for match in _SCHEME.finditer(text))


def clickable_spans(text: str) -> Iterator[tuple[int, int]]:
    """What Telegram would make a link, a mention or a call of by itself; they may lie within each other."""
    yield from addresses_with_scheme(text)
    yield from (match.span() for match in _MAIL.finditer(text))
    yield from (match.span() for match in _AT_NAME.finditer(text))
    yield from (match.span() for match in _PHONE.finditer(text))
    yield from (match.span() for match in _HOST.finditer(text) if _is_host(match["host"]))


def _is_host(host: str) -> bool:
    """Whether it may be one: of a known top domain, or an address. Written `Leonardo.Ai` it is none to Telegram."""
    top = host.rpartition(".")[2]
    if top == host:
        return False
    if top.isdigit():
        return _ADDRESS.fullmatch(host) is not None
    lower = top.lower()
    return (lower in _TOP_DOMAINS or lower.startswith("xn--")) and not (top[0] != lower[0] and top[1:] == lower[1:])


def _names_two_tools(host: str, path: str) -> bool:
    """`ASP.NET/C#`: two names with a stroke between them."""
    return host.rpartition(".")[2].isupper() and _TWO_NAMES.fullmatch(path.rstrip(".,;:!?")) is not None
