"""Patrons and their cards. No town has their quarters, no exchange their telephones."""

from __future__ import annotations

import datetime as dt
from array import array
from bisect import bisect
from collections.abc import Iterator
from random import Random
from typing import Final
from uuid import UUID

from madoguchi.app.synth.days import DAY
from madoguchi.app.synth.names import People
from madoguchi.app.synth.titles import Row
from madoguchi.app.synth.words import Picker, Words
from madoguchi.app.training.situations import patron_number

PATRON_COLUMNS: Final = (
    "id", "name", "kana", "birth_date", "category", "address", "telephone", "last_used_on",
    "registered_on",
    "branch_id",
)  # fmt: skip
CARD_COLUMNS: Final = ("number", "patron_id", "state", "issued_on")
NOTE_COLUMNS: Final = ("id", "patron_id", "text", "login", "made_on")

LOST_CARDS_FROM: Final = 10_000_000
"""The serial numbers of lost cards begin here, far from those in use."""

GROUP_SHARE: Final = 0.003
_WIDE_AREA_SHARE: Final = 0.07
_COMMUTER_SHARE: Final = 0.04
_IDLE_SHARE: Final = 0.17
_LOST_SHARE: Final = 0.04
_NOTE_SHARE: Final = 0.01
_UNKNOWN_BRANCH_SHARE: Final = 0.06
_CHILD_UNTIL: Final = 15

# By hand: ages of registered readers; the steps are where the statistics' bands begin.
_AGES: Final = Picker(
    ((3, 7), (7, 13), (13, 16), (16, 19), (19, 30), (30, 45), (45, 60), (60, 75), (75, 95)),
    (5.0, 12.0, 6.0, 5.0, 12.0, 20.0, 18.0, 15.0, 7.0),
)
_TOWNS: Final = (
    "鵠沼海岸", "鵠沼松が岡", "本鵠沼", "辻堂", "辻堂元町", "辻堂神台", "片瀬", "片瀬海岸", "湘南台",
    "善行", "石川", "大庭", "遠藤", "長後", "亀井野", "円行", "藤が岡", "大鋸", "村岡東", "羽鳥",
    "城南", "西俣野", "用田", "菖蒲沢", "高倉",
)  # fmt: skip
_NEIGHBOURS: Final = ("茅ヶ崎市", "寒川町", "鎌倉市", "大和市", "綾瀬市", "横浜市戸塚区")
_NOTES: Final = (
    "大活字本を希望",
    "電話は夕方以降",
    "車いす利用、カウンター前へ案内",
    "督促は電話でなくはがき",
    "筆談を希望",
)
CATEGORIES: Final = ("resident", "child", "wide_area", "commuter", "group")


class Patrons:
    """Everybody who is registered: drawn at once as far as lending has to know, written out afterwards.

    Attributes:
        category: the place of each patron's category in ``CATEGORIES``; their keys count from 1.
        last_used: days since the card was last used; lending brings it up to date.
        branch: the key of the branch where they go.
    """

    def __init__(self, words: Words, number: int, seed: int, today: dt.date) -> None:
        self._people = People(words)
        self._today = today
        self._seed = seed
        random = Random(f"{seed} patrons")
        self._ages = bytearray()
        self.category = bytearray()
        self.branch = bytearray()
        self.last_used = array("I")
        # home branches as busy as branches are
        bounds = (0.34, 0.53, 0.68, 0.82)
        for _ in range(number):
            low, high = _AGES(random)
            age = low + int(random.random() * (high - low))
            self._ages.append(age)
            self.category.append(_category(age, random.random()))
            draw = random.random()
            place = bisect(bounds, draw)
            self.branch.append(1 + place if place < 4 else 5 + int(random.random() * 11))
            idle = random.random() < _IDLE_SHARE
            days = 1096 + int(random.random() * 1800) if idle else int(random.random() ** 2 * 1090)
            # nobody used a card before they were born
            self.last_used.append(min(days, age * 365 - 2))

    def __len__(self) -> int:
        return len(self.category)

    def rows(self) -> Iterator[tuple[Row, tuple[Row, ...], tuple[Row, ...]]]:
        """Each patron's row, with those of their cards and of what was noted about them."""
        random = Random(f"{self._seed} names")
        today, lost = self._today, LOST_CARDS_FROM
        for place, category in enumerate(self.category):
            key = place + 1
            used = today - int(self.last_used[place]) * DAY
            age = self._ages[place]
            born = dt.date(today.year - age - 1, 1, 1) + int(random.random() * 365) * DAY
            registered = max(used - int(random.random() * 3650) * DAY, born + DAY)
            family, given = self._people(random)
            name, kana = f"{family[0]} {given[0]}", f"{family[1]} {given[1]}"
            if CATEGORIES[category] == "group":
                name, kana = f"{family[0]}読書会", f"{family[1]} ドクショカイ"
            quarter, block, house = (int(random.random() * most) for most in (9, 30, 40))
            where = random.choice(_NEIGHBOURS) if CATEGORIES[category] == "wide_area" else "藤沢市"
            town = random.choice(_TOWNS) if where == "藤沢市" else "見本町"
            issued = registered
            cards: list[Row] = []
            if random.random() < _LOST_SHARE:
                issued = registered + int(random.random() * max(1, (used - registered).days)) * DAY
                cards.append((patron_number(lost), key, "lost", registered))
                lost += 1
            cards.append((patron_number(key), key, "active", issued))
            notes: tuple[Row, ...] = ()
            where_they_live = f"{where}{town}{11 + quarter}丁目{1 + block}番{1 + house}号"
            telephone = f"0466-00-{int(random.random() * 10000):04}"
            if random.random() < _NOTE_SHARE:
                # nobody on the staff is known to have written it
                notes = ((UUID(int=key).hex, key, random.choice(_NOTES), "", registered),)
            row = (
                key,
                name,
                kana,
                born,
                CATEGORIES[category],
                where_they_live,
                telephone,
                used,
                registered,
                None if random.random() < _UNKNOWN_BRANCH_SHARE else self.branch[place],
            )
            yield row, tuple(cards), notes


def _category(age: int, draw: float) -> int:
    if draw < GROUP_SHARE:
        return CATEGORIES.index("group")
    if draw < GROUP_SHARE + _WIDE_AREA_SHARE:
        return CATEGORIES.index("wide_area")
    if age < _CHILD_UNTIL:
        return CATEGORIES.index("child")
    if draw < GROUP_SHARE + _WIDE_AREA_SHARE + _COMMUTER_SHARE and age >= 19:
        return CATEGORIES.index("commuter")
    return CATEGORIES.index("resident")
