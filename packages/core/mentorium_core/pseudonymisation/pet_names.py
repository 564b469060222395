"""What a child is called at home: short names that do not show the name, and the endings of pet names."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from mentorium_core.pseudonymisation.skeleton import skeleton

_SHORT_NAMES: Final = """
александр александра: саша саш сашка сашенька сашуля сашулька шура шурик саня санька санёк санечка алекс
алексей: лёша лёшка лёшенька алёша алёшка лёха
алёна елена: алёнка лена ленка леночка ленуся
анастасия: настя настька настенька настюша настёна стася
анатолий: толя толик
андрей: андрюша андрюшка
анна: аня анечка анюта аннушка нюра нюша
антон: антоша тоша антошка
артём: артёмка артёмчик
борис: боря борька
вадим: вадик
валентин валентина валерия валерий: валя валера лера лерочка
варвара: варя варенька варюша
василий: вася васька васенька
вера: верочка веруня
вероника виктория: ника вика викуля викуся
виктор: витя витька
виталий: виталик
владимир: вова вовочка вовка володя
владислав вячеслав станислав ярослав: влад владик слава славик стас стасик ярик
галина: галя галочка
георгий: гоша жора гога
григорий: гриша гришка
дарья дария: даша дашка дашенька дашуля
денис: дениска
дмитрий: дима димка димочка митя митька
евгений евгения: женя женька женечка
екатерина катерина: катя катька катенька катюша катюха
елизавета: лиза лизка лизонька
иван: ваня ванька ванечка ванюша
игорь: игорёк гарик
илья: илюша илюха
ирина: ира ирка ирочка иришка ириша
кирилл: кирюша кирюха кира
константин: костя костик
ксения оксана: ксюша ксюня
леонид лев: лёня лёнька лёва лёвушка
любовь: люба любаша любочка
людмила: люда мила люся
маргарита: рита риточка марго
мария марья: маша машка машенька маруся марийка
максим: максик максимка
михаил: миша мишка мишаня мишутка
надежда: надя надька наденька надюша
наталья наталия: наташа наташка наташенька ната
николай: коля колька коленька
олег: олежка
ольга: оля олька оленька олечка
павел: паша пашка павлик
пётр: петя петька петенька
полина: поля полинка полюшка
роман: рома ромка ромочка
светлана: света светик светочка
семён: сеня
сергей: серёжа серёжка серёга
софия софья: соня сонька сонечка софа софочка софи
степан: стёпа стёпка
тамара: тома
татьяна: таня танька танечка танюша
тимофей тимур темур: тима тимка тимоша тимон
фёдор: федя федька
эльвира эльмира элина: эля элечка
юлия: юля юлька юленька юлечка
юрий: юра юрка
яна: яночка янка
азиз азиза: азик
абдулла абдуллох абдуррахмон абдурахмон: абду абдуш
гульнара гульчехра гулноза гулнора гулчехра гулсанам: гуля гулька гулечка
дильноза дилноза дильфуза дилором дилдора дильшод дилшод дилбар: диля дилька дилечка дильназ
жасур жасурбек: жасик
жахонгир жахонгирбек: жаха
камила комила камола: камилка камиля
малика: малика
мадина: мадинка мадишка
муниса мунира: муня
мухаммад мухаммадали: муха мухаммед магомед
нилуфар: нилу нилуша нилка
рустам: рустик русик
севара: севочка
улугбек: улук улик
умид умида: умидка
фарход фарида: фара фарик
шахзода шахноза шохрух: шаха шахзодик
зарина: зара зариночка
зухра зулфия: зуля
бахтиёр бахтиер: бахти бахтик
иброхим ибрагим: ибра ибрагимка
юсуф: юсик
"""
_ENGLISH_SHORT_NAMES: Final = """
oliver: ollie
alexander alexandra: alex sasha xander lex
elizabeth: liz lizzie beth betty eliza
william: will bill billy willy
james: jim jimmy jamie
thomas: tom tommy
michael: mike mikey
catherine katherine: kate katie cathy
daniel: danny
matthew: matt matty
benjamin: ben benny
samuel samantha: sam sammy
nicholas: nick nicky
robert: rob robbie bob bobby
edward: ed eddie
joseph: joe joey
david: dave davy
charles charlotte: charlie
isabella: bella izzy
olivia: livvy
amelia: millie
jacob: jake
joshua: josh
anthony: tony
andrew: andy
rebecca: becky
victoria: vicky
jennifer: jen jenny
jessica: jess
margaret: maggie
emma emily: emmy emmie
sophia sofia: sophie sofie
jonathan: jon jonny johnny jonathon nathan
john: johnny jack
nathaniel nathan: nate
christopher: chris
timothy: tim timmy
stephen steven: steve stevie
richard: rick ricky
theodore: ted teddy theo
henry: harry
peter: pete
george: georgie
abigail: abby
natalie: nat
zachary: zach
patrick: pat paddy
lucas: luke
"""
_ALSO_WORDS_WRITTEN: Final = (
    "слава славе славу света свету свете светик мила мило люба любе поля поле полю полей ника лика тома томе тому"
    " стас рома роме жаха муха мухи муху ната натка зара зари тима тиме тимка катка галка галки галку галочка галочки"
    " улик улика улики ленка толик костик полка полки полку ромка юрка эля кира влад марго муня нилу азик"
    " софа софе софу софы"
    " will bill rob bob sam ben tom nick jim mike kate alex ed joe jake bella jen jess beth liz matt millie dave"
    " billy sammy danny jack nate rick ted pat nat pete paddy harry georgie tim lex"
)
ALSO_WORDS: Final = frozenset(map(skeleton, _ALSO_WORDS_WRITTEN.split()))
"""Skeletons of short names that are words, too: hidden only where they are written with a capital letter."""

_FEMININE: Final = "ochka echka ichka chka onka enka inka ushka iushka ulia iulia unia iunia usia iusia asha iasha"
_FEMININE_SHORT: Final = " ka sha shka"
_MASCULINE: Final = ("chik", "ik", "onok", "ushok")
_OF_FEMININE: Final = ("a", "i", "u", "e", "oi", "oiu", "ei", "eiu")
_OF_SOFT: Final = ("ia", "i", "e", "iu", "ei", "eiu")
_OF_MASCULINE: Final = ("", "a", "u", "om", "e", "i", "ov", "am")
_VOWELS: Final = "aeiou"
_SHORTEST_BASE: Final = 3
_LONGER_BASE: Final = 4


@lru_cache(maxsize=4096)
def short_names(name: str) -> frozenset[str]:
    """Skeletons of what somebody whose name (a skeleton) this is may be called, too; of a short name the full ones."""
    return _groups().get(name, frozenset())


@lru_cache(maxsize=4096)
def home_names(name: str) -> frozenset[str]:
    """Skeletons of the pet names and short names made of a name (a skeleton), in each Russian case."""
    found = set()
    for base in {name, name.rstrip(_VOWELS), name[:-1] if name[-1:] in _VOWELS else name}:
        if len(base) >= _SHORTEST_BASE:
            found |= {base + ending for ending in pet_endings(longer=len(base) >= _LONGER_BASE)}
    for short in short_names(name):
        found |= _inflected(short)
    for short in _english().get(name, frozenset()):
        found |= {short, f"{short}s"}
    return frozenset(found)


@cache
def pet_endings(*, longer: bool) -> frozenset[str]:
    """What makes a pet name of a stem, in each case; `longer`: also the short ones, behind a stem of four letters."""
    feminine = (_FEMININE + (_FEMININE_SHORT if longer else "")).split()
    return frozenset().union(*map(_inflected, [*feminine, *_MASCULINE]))


def _inflected(short: str) -> frozenset[str]:
    """Skeletons of a short name (a skeleton) in each Russian case: Таня, Саша, Костик."""
    if short.endswith("ia"):
        return frozenset(short[:-2] + ending for ending in _OF_SOFT)
    if short.endswith("a"):
        return frozenset(short[:-1] + ending for ending in _OF_FEMININE)
    return frozenset(short + ending for ending in _OF_MASCULINE)


@cache
def _groups() -> dict[str, frozenset[str]]:
    return _grouped(_SHORT_NAMES)


@cache
def _english() -> dict[str, frozenset[str]]:
    return _grouped(_ENGLISH_SHORT_NAMES)


def _grouped(written: str) -> dict[str, frozenset[str]]:
    """Of each name those that are the same person's: full name -> short names, short name -> full names and others."""
    groups: dict[str, frozenset[str]] = {}
    for line in written.strip().splitlines():
        full, _, short = line.partition(":")
        full_names, short_ones = {skeleton(name) for name in full.split()}, {skeleton(name) for name in short.split()}
        for name in full_names | short_ones:
            others = short_ones | (set() if name in full_names else full_names)
            groups[name] = groups.get(name, frozenset()) | (others - {name})
    return groups
