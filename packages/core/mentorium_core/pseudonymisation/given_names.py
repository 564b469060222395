"""Given names of Uzbekistan and its languages that are nothing else: a classmate's or a neighbour's stays hidden, too.

Only names that are no everyday word in any of the three languages; hidden where they are written with a capital letter.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from mentorium_core.pseudonymisation.forms import is_uzbek_ending
from mentorium_core.pseudonymisation.skeleton import skeleton

_UZBEK: Final = """
Abdulla Abdulloh Abduvali Abdurahmon Abror Adham Akbar Akmal Akrom Alisher Anvar Asadbek Aslbek Asliddin Aziz Aziza
Azizbek Bahodir Bahrom Bahtiyor Barno Behruz Bekzod Bobur Dadaxon Davron Dilbar Dildora Dilfuza Dilnavoz Dilnoza
Dilorom Dilrabo Dilshod Dilshoda Diyora Diyorbek Doniyor Farangiz Farhod Farida Farruh Farruhbek Fazliddin Feruza
Firdavs Fotima Gulbahor Gulchehra Gulnora Gulnoza Gulsanam Gulshan Hadicha Hamida Hasanboy Hurshid Husan Husniddin
Ibrohim Ilyos Islombek Ismoil Jaloliddin Jamshid Jasmina Jasur Jasurbek Javlon Javohir Kamola Kamoliddin Kamron Karim
Karima Laylo Lutfulla Madina Maftuna Mahliyo Mahmud Malika Maryam Mavluda Mirjalol Mirzohid Mohinur Mohira Muattar
Muhammad Muhammadali Muhlisa Munira Munisa Mushtariy Muzaffar Nafisa Nargiza Nasiba Nigora Nilufar Nodira Nodirbek
Nuriddin Nurbek Ohunjon Omina Otabek Oybek Oygul Oysha Parizoda Qodir Rahmon Robiya Rustam Ruhshona Sabina Sabohat
Saida Saidakbar Salima Samandar Samira Sanjar Sardor Sarvar Sevara Sevinch Shahboz Shahlo Shahnoza Shahzod Shahzoda
Shamsiya Sherzod Shoira Shohida Shohruh Suhrob Surayyo Tohir Toshpolat Ulugbek Umida Umidjon Umarbek Usmon Vohid Yusuf
Zarina Zilola Ziyoda Zohid Zubayda Zuhra Zulfiya Aruzhan Aylin Aigul Aibek Arman Alikhan Faridun Nurlan Parvina Temur
Temurbek
"""
_RUSSIAN: Final = """
Александр Александра Алексей Алёна Алина Анастасия Анатолий Андрей Антон Арина Аркадий Арсений Артём Богдан Борис
Вадим Валентин Валентина Валерий Валерия Варвара Василий Василиса Вероника Виктор Виктория Виталий Владимир Владислав
Вячеслав Галина Геннадий Георгий Григорий Даниил Данила Дарья Денис Диана Дмитрий Евгений Евгения Егор Екатерина Елена
Елизавета Иван Игорь Инна Ирина Камила Карина Кирилл Константин Кристина Ксения Лариса Леонид Лидия Людмила Маргарита
Марина Мария Матвей Милана Мирон Михаил Наталья Наталия Никита Николай Оксана Олег Олеся Ольга Павел Пётр Полина
Руслан Светлана Семён Сергей София Софья Станислав Степан Таисия Тамара Татьяна Тимофей Тимур Ульяна Фёдор Эльвира
Эльмира Эмилия Юлия Юрий Ярослав Ярослава Саша Маша Даша Катя Серёжа Лёша Миша Дима Наташа Настя Алёша Гриша
"""
_ENGLISH: Final = """
Oliver Olivia Emily Amelia Sophie Isabella Charlotte Thomas William Benjamin Samuel Samantha Matthew Michael Daniel
Joseph Jessica Jennifer Nicholas Rebecca Elizabeth Katherine Andrew Anthony Christopher Jonathan Lucas Ethan Noah Liam
Hannah Sarah Laura Peter James
"""
_CASES: Final = frozenset("a u e i oi ei iu ia ii om em am oiu ov ova ev eva ovu ovoi ovim iei".split())  # noqa: SIM905
_SHORTEST: Final = 4
_LONGEST: Final = 16
_VOWELS: Final = "aeiou"


@lru_cache(maxsize=4096)
def given_name_of(bones: str) -> str | None:
    """The longest stem of a given name that the skeleton of a word begins with, where the rest may hang on it."""
    whole, cut = _stems()
    for length in range(min(len(bones), _LONGEST), _SHORTEST - 2, -1):
        stem, ending = bones[:length], bones[length:]
        if stem in whole and (not ending or ending in _CASES or is_uzbek_ending(stem, ending)):
            return stem
        if stem in cut and ending in _CASES:
            return stem
    return None


@cache
def _stems() -> tuple[frozenset[str], frozenset[str]]:
    """Whole names, and those whose last vowel another takes the place of."""
    whole = frozenset(map(skeleton, f"{_UZBEK} {_RUSSIAN} {_ENGLISH}".split()))
    return whole, frozenset(name[:-1] for name in whole if name[-1] in _VOWELS and len(name) >= _SHORTEST)
