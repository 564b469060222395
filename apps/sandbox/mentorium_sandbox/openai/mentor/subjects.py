"""What a parent may ask about, and the words by which it is known, in three languages. Texts are folded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Subject(StrEnum):
    GREETING = "greeting"
    THANKS = "thanks"
    YES = "yes"
    OTHER_CHILDREN = "other_children"
    UNKNOWN_CHILD = "unknown_child"
    MEDICAL = "medical"
    FAMILY = "family"
    STAFF = "staff"
    RULES = "rules"
    PROGRESS = "progress"
    TESTS = "tests"
    TOPICS = "topics"
    NEXT_STEPS = "next_steps"
    WHY = "why"
    WHY_RESULT = "why_result"
    JUDGED = "judged"
    TONIGHT = "tonight"
    EXPLAINED = "explained"
    COMMENTS = "comments"
    COMPARED = "compared"
    BY_DAY = "by_day"
    LESSONS = "lessons"
    AWARDS = "awards"
    LATE = "late"
    NEXT_TEST = "next_test"
    PRICES = "prices"
    REFUND = "refund"
    OFF_TOPIC = "off_topic"


STUDY = {
    *(Subject.PROGRESS, Subject.TESTS, Subject.TOPICS, Subject.NEXT_STEPS, Subject.WHY, Subject.JUDGED),
    *(Subject.TONIGHT, Subject.COMMENTS, Subject.COMPARED, Subject.BY_DAY, Subject.LESSONS, Subject.AWARDS),
    *(Subject.LATE, Subject.NEXT_TEST, Subject.WHY_RESULT),
}
"""About a child: these are asked of tools for each child, and a question may go on with them."""
OF_TOOLS = STUDY | {Subject.EXPLAINED, Subject.PRICES, Subject.REFUND}


def first_fitting(patterns: Mapping[str, re.Pattern[str]], folded: str) -> str | None:
    return next((name for name, pattern in patterns.items() if pattern.search(folded)), None)


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


WEEKDAYS: tuple[re.Pattern[str], ...] = (
    _any(r"понедельник", r"\bmonday", r"dushanba"),
    _any(r"вторник", r"\btuesday", r"\bseshanba"),
    _any(r"\bсред[уы]\b|\bсреда\b", r"\bwednesday", r"chorshanba"),
    _any(r"четверг", r"\bthursday", r"payshanba"),
    _any(r"пятниц", r"\bfriday", r"\bjuma(da|ni)?\b"),
    _any(r"суббот", r"\bsaturday", r"(?<!du)(?<!se)(?<!chor)(?<!pay)(?<!yak)shanba"),
    _any(r"воскресень", r"\bsunday", r"yakshanba"),
)
_WEEKDAY = "|".join(day.pattern for day in WEEKDAYS)
_WEEKDAY_RU = r"понедельник|вторник|\bсред[уы]\b|четверг|пятниц|суббот|воскресень"

RESULT = _any(r"\d+ ?(%|/|процент|балл)", r"\d+ ?(per ?cent|points|out of|of \d)", r"\d+ ?(foiz|ball)")

TOPICS: Mapping[str, re.Pattern[str]] = {
    "image_prompts": _any(
        r"промпт\w* (для|к) (карт|рис|изобр)", r"image prompt|prompts? for (an? )?(image|pict)", r"rasm"
    ),
    "text_prompts": _any(r"промпт|\bпромт", r"\bprompt", r"prompt|\bso'rov"),
    "chatbots": _any(r"чат-?бот", r"chat-?\s?bot", r"chat-?bot"),
    "computer_vision": _any(r"зрени", r"computer vision", r"kompyuter ko'r"),
    "fact_checking": _any(r"факт", r"\bfact", r"\bfakt"),
    "ai_safety": _any(r"безопас", r"safety|\bsafe\b", r"xavfsiz"),
    "ai_ethics": _any(r"авторств|этик", r"authorship|ethic", r"muallif|etika"),
    "data_quality": _any(r"качеств\w* данных|\bданны", r"data quality|\bdata\b", r"ma'lumot\w* sifat"),
    "how_networks_learn": _any(r"нейро|нейронн", r"neural|\bnetwork", r"neyro|neyron|neural"),
    "ai_basics": _any(r"искусственн\w* интеллект|\bии\b", r"artificial|\bai\b", r"sun'iy intellekt|\bai\b"),
}
_TOPIC = "|".join(pattern.pattern for pattern in TOPICS.values())

# The first that fits wins, so what is more special stands first.
SUBJECTS: Mapping[str, re.Pattern[str]] = {
    Subject.RULES: _any(
        r"(забудь|игнорируй|нарушь)\w* .*(инструкц|правил|указан)|системн\w* (промпт|сообщ)|свои (инструкц|правил)",
        r"(ignore|forget|drop) .*(instruction|rule)|system prompt|your (instructions|rules)",
        r"(unut|e'tibor berma)\w* .*(qoida|ko'rsatma)|(qoida|ko'rsatma)\w* .*(unut|e'tibor berma)|tizim(ing)? prompt",
    ),
    Subject.OTHER_CHILDREN: _any(
        r"друг(ие|их|ого|ой|им) (дет|реб|учен)|чуж(ой|ого|ие|их)\b|одноклассн|сосед|рейтинг",
        r"(в|среди|всех) (его |ее )?класс[еа]\b",
        r"лучше (всех|друг)|(на|какое) \w*\s?мест[оае] в|(сравн\w*|по сравнению) с (класс|друг|остальн)",
        r"other (child|kid|student|pupil|people)|classmate|someone else's|better than (the |other)|\brank|neighbo",
        r"compare\w* .*(to|with) (the (class|rest)|other)|(in|of|with|to) (the|her|his|their) class\b",
        r"boshqa (bola|o'quvchi|farzand)|sinfdosh|qo'shni|reyting|boshqalar|sinf(da|ida)\b",
    ),
    Subject.MEDICAL: _any(
        r"сдвг|аути|гиперактив|диагноз|таблет|лекарств|\bврач|депресс|болез|болеет|заболел|головн\w* бол",
        r"успокоит|зрение (сад|порт|ухуд)",
        r"\badhd\b|autis|diagnos|\bpills?\b|medicine|medication|\bdoctor|depress|\bsick\b|\bill\b|headache|eyesight",
        r"autizm|giperaktiv|tashxis|\bdori|shifokor|vrach|kasal|depress|bosh(i)? og'ri|ko'zi (xira|yomon)",
    ),
    Subject.FAMILY: _any(
        r"развод|развел|\bмуж|\bжен(а|ой|е)\b|свекров|ссор|наказ|ругать|бьет|ударил|обиж|травл|дразн|боится",
        r"боязн|плачет|\bстрах",
        r"divorc|husband|\bwife|quarrel|argue|punish|scold|\bhit(s|ting)?\b|bull(y|ied)|afraid|scared",
        r"\bfear|cries|crying",
        r"ajrash|\berim\b|xotinim|urish|janjal|jazola|xafa qil|qo'rq|yig'la|mazax|kalt",
    ),
    Subject.STAFF: _any(
        r"оператор|жив(ой|ым|ого) человек|с человеком|поддержк|перезвон",
        r"\boperator|(a|real|live) (human|person)|\bhuman\b|customer (care|support)|support (team|service)",
        r"operator|jonli odam|odam bilan (gapl|bog'l)|yordam xizmat",
    ),
    Subject.REFUND: _any(
        r"верн\w* (мне )?(деньг|оплат|средств)|(деньги|оплату) (назад|обратно|верн)|возврат",
        r"refund|money back|give .*money",
        r"pul\w* qaytar|qaytar\w* .*pul|to'lov\w* qaytar",
    ),
    Subject.PRICES: _any(
        r"сколько (это )?сто(ит|ят)|\bцен[аыуе]\b|почем\b|тариф|подписк|оплат|продл|стоимост",
        r"\bprice|\bcosts?\b|subscri|\btariff|how much (is it|to pay)|\bpay\b|payment|renew",
        r"narx|qancha tur(adi|ar)|necha (pul|so'm)|obuna|tarif|to'lov|to'lash|uzaytir",
    ),
    Subject.EXPLAINED: _any(
        rf"(что (это )?(такое|значит)|объясни|простыми словами|зачем (нуж|уч)\w*|(о чем|что за) тема)[^.]*({_TOPIC})",
        rf"({_TOPIC})[^.]*(что это|это что|о чем|простыми словами)",
        rf"(what (is|are|does)|explain|meaning of)[^.]*({_TOPIC})",
        rf"({_TOPIC})[^.]*(nima(ni)? (o'zi|degani|haqida|anglat)|nima u|tushuntir|oddiy so'z|\bnima\b\W*$)",
        rf"(tushuntir|nima (o'zi|degani))[^.]*({_TOPIC})",
    ),
    Subject.COMMENTS: _any(
        r"учител|преподав|педагог|наставниц",
        r"\bteacher|\btutor",
        r"o'qituvchi|muallim|\bustoz(i|im|ga|dan|ning|lar)\b|\bustoz (bilan|haqida)|\bustoz\b[^.]* (dedi|yoz|ayt)",
    ),
    Subject.COMPARED: _any(
        r"сравни|кто из (них|дет|двух|мои)|кто лучше|у кого (лучше|больше|дела)|как(ая|ой) из",
        r"compare|which of (them|my|the two)|who (is|does|did) (doing )?(better|more)|side by side",
        r"solishtir|taqqosla|qaysi biri|ikkisidan|kim(niki)? (yaxshi|ko'p)",
    ),
    Subject.NEXT_TEST: _any(
        r"(когда|следующ\w*|ближайш\w*)[^.]*(тест|контрольн|экзам|сдава)|ближайш\w* срок",
        r"(when|next|upcoming)[^.]*(\btest|quiz|exam)|next deadline",
        r"(qachon|keyingi|navbatdagi|yaqin)[^.]*(test|nazorat|imtihon|muddat)|(test|nazorat|imtihon)\w* qachon",
    ),
    Subject.LATE: _any(
        r"просроч|долг|не сда(л|н|в)|опозда|хвост|задерж",
        r"overdue|\blate\b|missing|not handed|hasn't handed|behind (with|on)",
        r"muddati o't|\bqarz|kechik|topshirilma|topshirma",
    ),
    Subject.TONIGHT: _any(
        r"(сегодня )?вечером|чем (я )?(могу |можем |можно )?помоч",
        r"как (мне |нам |ему |ей )?(помоч|заинтерес|мотивир)|10 минут|десять минут",
        r"что (нам |мне )?(делать|сделать|попробовать)|чем заня|позанима\w* вместе|посовет|рекоменд",
        r"tonight|this evening|what (can|should|shall|do) (we|i)( do)?\b",
        r"how (can|do|should) (i|we) (help|motivat)|ten minutes",
        r"10 min|recommend|advice|should (we|i) do|do together",
        r"kechqurun|oqshom|nima qil(ay|sa|sam|aylik|amiz|ishim|sak)|qanday yordam|yordam ber(ay|sam|ish)",
        r"10 daqiqa|o'n daqiqa",
        r"maslahat|tavsiya|birga nima|qiziqtir",
    ),
    Subject.JUDGED: _any(
        r"(плохо|нормально|хорошо|мало|много|достаточно|ужасно) ли",
        r"это (очень )?(плохо|нормально|хорошо|мало|много)|(плохо|нормально)\W*$",
        r"\b(is|are|was)\b[^.]*\b(bad|good|ok|okay|enough|normal|low|terrible)\b|should (i|we) worry",
        r"\b(yomon|yaxshi|yetarli|normal|kam|ko'p|past|qoniqarli)mi\b|xavotir",
    ),
    Subject.WHY: _any(
        r"почему|отчего|из-за чего|причин|в чем дело", r"\bwhy\b|\breason|how come", r"\bnega\b|nima(ga| uchun)|sabab"
    ),
    Subject.BY_DAY: _any(
        rf"({_WEEKDAY_RU})",
        _WEEKDAY,
        r"по дням|каждый день|вчера",
        r"day by day|each day|every day|yesterday",
        r"\bkecha\b|har kuni|kunma-kun",
    ),
    Subject.LESSONS: _any(
        r"последн\w* урок|о чем (был|была)? ?(урок|занят)|чему (научил|уч)",
        r"что (сейчас )?(прош(ел|ла|ли)|проход|изуч|уч(ит|ат|или))",
        r"last lesson|lessons? (was |were )?about|what (did|has|does|is|are)[^.]*(learn|study|studied|cover)",
        r"oxirgi dars|dars\w* nima haqida|nima(ni|lar(ni)?)? o'(rgan|qi|t)",
    ),
    Subject.AWARDS: _any(
        r"наград|достижен|значк|значок|сертификат|грамот",
        r"achiev|\baward|\bbadge|certificate",
        r"yutuq|nishon|sertifikat|mukofot",
    ),
    Subject.TESTS: _any(
        r"тест|контрольн|оцен(к|ок)|балл|результат|экзам|процент",
        r"\btests?\b|\bquiz|\bexam|\bscore|\bgrades?\b|\bmarks?\b|\bresults?\b|per ?cent",
        r"\btest|\bbaho|\bball(ar|i|ni)?\b|natija|nazorat|imtihon|foiz",
    ),
    Subject.TOPICS: _any(
        r"\bтем(а|ы|у|е|ой|ам|ах)?\b|сложн|трудн|слаб|сильн|улучш|подтян|(не|хорошо|лучше|хуже) (получ|дает|понима)",
        r"topic|\bhard|difficult|struggl|weak|strong|good at|best at|improv|\beasy",
        r"mavzu|qiyin|kuchli|zaif|\boson|qiynal|tushun|yaxshila",
    ),
    Subject.NEXT_STEPS: _any(
        r"дальше|следующ|план|законч|конч|срок|предсто|впереди|что делать",
        r"\bnext\b|upcoming|\bplan|finish|deadline|\bdue\b|ahead|when will|should (we|i)",
        r"keyin|navbat|\breja|qachon|tugat|tugay|muddat|nima qil",
    ),
    Subject.PROGRESS: _any(
        r"прогресс|уче?б|учит|занима|заняти|урок|успе|\bдела\b|\bвремя|времени|сколько|отчет|ребен|доч",
        r"\bсын|ле(нит|нь)|медленн",
        r"как (прошл|идет|идут)|серия|курс|минут",
        r"progress|stud(y|ie)|learn|lesson|doing|going|\bwent\b|\breport|how (much|many|long)",
        r"child|daughter|\bson\b|\bkid|course|streak|minutes|slow|how (are|is) (things|everything|she|he|it)\b",
        r"o'qi|\bdars|o'zlashtir|qancha|\bnecha|vaqt|hisobot|farzand|\bbola|\bqiz|o'g'l|o'tdi|kurs|ishlar",
        r"daqiqa|sekin",
    ),
    Subject.THANKS: _any(r"спасибо|благодар", r"\bthank|\bthx\b", r"rahmat|tashakkur"),
    Subject.GREETING: _any(
        r"привет|здравств|добр(ый|ое|ого)|салом|салам",
        r"\bhi\b|hello|\bhey\b|good (morning|day|evening)",
        r"salom|xayrli",
    ),
    Subject.YES: _any(
        r"^\W*(да|давай(те)?|хорошо|ок|ага)\W*$",
        r"^\W*(yes|ok|okay|sure|please do)\W*$",
        r"^\W*(ha|mayli|xo'p|albatta)\W*$",
    ),
}
