"""Three families to meet first: each has a last finished week worth talking about."""

from __future__ import annotations

from dataclasses import dataclass, field

from mentorium_sandbox.school.people import Adult, GeneratedChild, GeneratedFamily


@dataclass(frozen=True, slots=True)
class DemoScript:
    """What a child's days are to be instead of left to chance.

    `weeks`: minutes from Monday to Sunday, by week counted from the anchor's (-1 is the last finished one). Before
    them `usual_week` came again and again; after them chance takes over, as with every other child.
    `talent`: mean share of points by topic code. `first_course`: its place in the curriculum, from 0.
    `comment` is written by the teacher in the last finished week.
    """

    joined_weeks_ago: int
    weeks: dict[int, tuple[int, ...]]
    comment: str
    talent: dict[str, float] = field(default_factory=dict)
    first_course: int = 1
    usual_week: tuple[int, ...] = (0, 35, 0, 40, 0, 45, 30)

    def settled_week(self, number: int) -> tuple[int, ...] | None:
        """Minutes of the week of that number; None where nothing is settled."""
        return self.weeks.get(number, self.usual_week if number < 0 else None)


@dataclass(frozen=True, slots=True)
class DemoFamily:
    """`guardian_id` is the first adult's, `student_ids` are the children's in their order."""

    guardian_id: int
    student_ids: tuple[int, ...]
    family: GeneratedFamily
    scripts: tuple[DemoScript, ...]

    @property
    def guardian_name(self) -> str:
        return self.family.adults[0].full_name

    @property
    def language(self) -> str:
        return self.family.language

    @property
    def phone(self) -> str:
        """The verified phone, E.164, by which the first adult is recognised."""
        phone = self.family.adults[0].phone
        if phone is None:
            raise ValueError("a demo family is found by its phone")
        return phone


def _adult(full_name: str, relation: str, email: str, phone: str) -> Adult:
    return Adult(full_name, relation, email, phone, verified=True)


DEMO_FAMILIES = (
    DemoFamily(
        50_001,
        (10_001, 10_002),
        GeneratedFamily(
            "uz",
            (
                _adult("Dilnoza Karimova", "mother", "dilnoza.karimova@mail.example", "+998901112233"),
                _adult("Rustam Karimov", "father", "rustam.karimov@mail.example", "+998901112244"),
            ),
            (GeneratedChild("Aziza Karimova", 13), GeneratedChild("Jasur Karimov", 11)),
        ),
        (
            DemoScript(
                joined_weeks_ago=5,
                weeks={-2: (0, 35, 0, 40, 0, 45, 40), -1: (45, 0, 40, 35, 0, 50, 30), 0: (35, 0, 40, 0, 30, 45, 0)},
                talent={"image_prompts": 0.92, "fact_checking": 0.55, "text_prompts": 0.8, "ai_ethics": 0.93},
                comment="Rasm uchun promptlar mavzusida ishlar juda puxta. Endi javoblarni manba bilan tekshirishga "
                "eʼtibor bersak, natija yanada yaxshi boʻladi.",
            ),
            DemoScript(
                joined_weeks_ago=6,
                weeks={-2: (40, 30, 0, 45, 0, 35, 0), -1: (0, 35, 0, 0, 0, 45, 0), 0: (0, 25, 0, 30, 0, 30, 0)},
                talent={"how_networks_learn": 0.88, "text_prompts": 0.58},
                first_course=0,
                comment="Bu hafta darslar kam boʻldi. Kichik bir darsdan boshlash yetarli, savollar boʻlsa yozing.",
            ),
        ),
    ),
    DemoFamily(
        50_003,
        (10_003,),
        GeneratedFamily(
            "ru",
            (_adult("Ольга Иванова", "mother", "olga.ivanova@mail.example", "+998902223344"),),
            (GeneratedChild("София Иванова", 14),),
        ),
        (
            DemoScript(
                joined_weeks_ago=6,
                weeks={-2: (0, 40, 0, 30, 0, 60, 0), -1: (40, 0, 45, 0, 35, 60, 20), 0: (30, 0, 40, 0, 45, 0, 30)},
                talent={
                    "ai_basics": 0.85,
                    "text_prompts": 0.84,
                    "image_prompts": 0.9,
                    "fact_checking": 0.57,
                    "ai_ethics": 0.93,
                },
                comment="Промпты для картинок получаются очень точными. В теме проверки фактов стоит каждый раз искать "
                "второй источник.",
            ),
        ),
    ),
    DemoFamily(
        50_004,
        (10_004,),
        GeneratedFamily(
            "en",
            (_adult("Emma Brown", "mother", "emma.brown@mail.example", "+998903334455"),),
            (GeneratedChild("Oliver Brown", 12),),
        ),
        (
            DemoScript(
                joined_weeks_ago=5,
                weeks={-2: (30, 0, 30, 0, 30, 40, 0), -1: (40, 30, 0, 45, 0, 40, 35), 0: (40, 0, 35, 0, 30, 30, 0)},
                talent={"text_prompts": 0.9, "image_prompts": 0.85, "fact_checking": 0.56, "ai_ethics": 0.9},
                comment="Clear, well-structured prompts this week. Let us practise looking for a second source before "
                "trusting an answer.",
            ),
        ),
    ),
)
