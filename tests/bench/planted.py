"""Made-up people in households, and who registers: some are there already, some only seem to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from madoguchi.app.patrons.finding import Likeness
from madoguchi.app.synth.patrons import Patrons
from madoguchi.app.synth.words import shipped_words

_SMALL = dict(zip("ァィゥェォッャュョ", "アイウエオツヤユヨ", strict=True))
_LONG = (
    *(("オオ", "オー"), ("コウ", "コー"), ("ショウ", "ショー"), ("トウ", "トー"), ("ソウ", "ソー")),
    *(("ヨウ", "ヨー"), ("ユウ", "ユー"), ("リョウ", "リョ"), ("ロウ", "ロ"), ("ケイ", "ケー")),
    *(("セイ", "セー"), ("ジュウ", "ジュー")),
)
_PLAIN = "カキクケコサシスセソタテトハヒフヘホ"
_VOICED = "ガギグゲゴザジズゼゾダデドバビブベボ"
_VOICE = dict(zip(_PLAIN + _VOICED, _VOICED + _PLAIN, strict=True))
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Registering:
    """Somebody who registers, how they came to be, and the place of their record where they have one."""

    kind: str
    typed: Likeness
    there: int | None


class Town:
    """People who are there, and more of them. Of one seed always the same."""

    def __init__(self, number: int, more: int, seed: int, today: dt.date) -> None:
        self.random = Random(f"{seed} households")
        self.today = today
        made = self._people(number + more, seed)
        self.people = made[:number]
        self.others = made[number:]

    def _people(self, number: int, seed: int) -> list[Likeness]:
        """One to four under a roof, with the family name of the first; one telephone for all, or one for each
        who is grown up."""
        rows = (row for row, *_ in Patrons(shipped_words(), 2 * number, seed, self.today).rows())
        singles = [(str(row[1]), str(row[2]), row[3], str(row[5])) for row in rows if row[4] != "group"]
        made: list[Likeness] = []
        place = 0
        while len(made) < number:
            size = self.random.choices((1, 2, 3, 4), (40, 27, 17, 16))[0]
            family, family_kana = singles[place][0].split(" ")[0], singles[place][1].split(" ")[0]
            address = singles[place][3]
            shared = self.landline() if self.random.random() < 0.5 else self.mobile()
            for name, kana, born, _ in singles[place : place + size]:
                grown_up = born.year < self.today.year - 18
                own = shared if not grown_up or self.random.random() < 0.5 else self.mobile()
                given, given_kana = name.split(" ")[1], kana.split(" ")[1]
                made.append(Likeness(f"{family} {given}", f"{family_kana} {given_kana}", born, own, address))
            place += size
        return made[:number]

    def landline(self) -> str:
        """A number of no exchange."""
        return f"0466-{self.random.randrange(100):02}-{self.random.randrange(10_000):04}"

    def mobile(self) -> str:
        """A number of no exchange, either."""
        return f"090-{self.random.randrange(10_000):04}-{self.random.randrange(10_000):04}"

    def stranger(self) -> Likeness:
        """Anybody, for a name, an address or a day."""
        return self.random.choice(self.others)

    def registering(self, each: int, new: int) -> Iterator[Registering]:
        """So many of each kind who are there and who seem to be, and so many new ones."""
        for planted, there in ((DUPLICATES, True), (NEAR_MISSES, False)):
            for kind, change in planted.items():
                made = 0
                while made < each:
                    place = self.random.randrange(len(self.people))
                    typed = change(self.people[place], self)
                    if typed is not None and typed != self.people[place]:
                        made += 1
                        yield Registering(kind, typed, place if there else None)
        yield from (Registering("new", typed, None) for typed in self.others[:new])


Change = Callable[[Likeness, Town], Likeness | None]
"""None: it cannot be done to this one."""


# -- who is there, otherwise written or changed since --------------------------------------------------


def _written_small(there: Likeness, town: Town) -> Likeness | None:
    return replace(there, kana="".join(_SMALL.get(letter, letter) for letter in there.kana))


def _written_long(there: Likeness, town: Town) -> Likeness | None:
    kana = there.kana
    for full, short in _LONG:
        kana = kana.replace(full, short)
    return replace(there, kana=kana)


def _voiced(there: Likeness, town: Town) -> Likeness | None:
    return _one_letter(
        there, town, [place for place, letter in enumerate(there.kana) if letter in _VOICE], _VOICE.get
    )


def _wrong_letter(there: Likeness, town: Town) -> Likeness | None:
    places = [place for place, letter in enumerate(there.kana) if letter in _KANA]
    return _one_letter(there, town, places, lambda _: town.random.choice(_KANA))


def _letter_left_out(there: Likeness, town: Town) -> Likeness | None:
    return _one_letter(
        there, town, [place for place in range(len(there.kana)) if there.kana[place] != " "], lambda _: ""
    )


def _one_letter(
    there: Likeness, town: Town, places: list[int], other: Callable[[str], str | None]
) -> Likeness | None:
    if not places:
        return None
    place = town.random.choice(places)
    kana = there.kana[:place] + (other(there.kana[place]) or "") + there.kana[place + 1 :]
    family, _, given = kana.partition(" ")
    return replace(there, kana=kana) if family and given else None


def _other_kanji(there: Likeness, town: Town) -> Likeness | None:
    """The given name in kana, as those do whose kanji are hard."""
    return replace(there, name=f"{there.name.split(' ')[0]} {there.kana.split(' ')[1]}")


def _moved(there: Likeness, town: Town) -> Likeness | None:
    return replace(there, address=town.stranger().address)


def _other_telephone(there: Likeness, town: Town) -> Likeness | None:
    return replace(there, telephone=town.mobile())


def _no_telephone(there: Likeness, town: Town) -> Likeness | None:
    return replace(there, telephone="")


def _moved_with_telephone(there: Likeness, town: Town) -> Likeness | None:
    return replace(there, address=town.stranger().address, telephone=town.landline())


def _married(there: Likeness, town: Town) -> Likeness | None:
    """Another family name and address; the telephone stays with two of three."""
    other = town.stranger()
    kept = there.telephone if town.random.random() < 2 / 3 else town.mobile()
    return Likeness(
        f"{other.name.split(' ')[0]} {there.name.split(' ')[1]}",
        f"{other.kana.split(' ')[0]} {there.kana.split(' ')[1]}",
        there.birth_date,
        kept,
        other.address,
    )


def _swapped(there: Likeness, town: Town) -> Likeness | None:
    born = there.birth_date
    if born is None or born.day > 12:
        return None
    return replace(there, birth_date=dt.date(born.year, born.day, born.month))


def _one_digit(there: Likeness, town: Town) -> Likeness | None:
    digits = list(f"{there.birth_date:%Y%m%d}")
    digits[town.random.randrange(2, 8)] = str(town.random.randrange(10))
    try:
        return replace(there, birth_date=dt.datetime.strptime("".join(digits), "%Y%m%d").date())
    except ValueError:
        return None


def _two_things(there: Likeness, town: Town) -> Likeness | None:
    typed: Likeness | None = there
    for change in town.random.sample(_SINGLE, 2):
        typed = change(typed, town) if typed is not None else None
    return typed


_SINGLE: tuple[Change, ...] = (
    *(_written_small, _written_long, _voiced, _wrong_letter, _letter_left_out, _other_kanji, _moved),
    *(_other_telephone, _no_telephone, _swapped, _one_digit),
)

DUPLICATES: dict[str, Change] = {
    "small kana written large": _written_small,
    "long vowels written otherwise": _written_long,
    "a voiced mark too many or too few": _voiced,
    "another kana": _wrong_letter,
    "a kana left out": _letter_left_out,
    "given name in kana": _other_kanji,
    "moved": _moved,
    "moved, other telephone": _moved_with_telephone,
    "married: other family name, moved": _married,
    "month and day swapped": _swapped,
    "one digit wrong in the birth date": _one_digit,
    "other telephone": _other_telephone,
    "no telephone": _no_telephone,
    "two of these": _two_things,
}


# -- who seems to be there -----------------------------------------------------------------------------


def _twin(there: Likeness, town: Town) -> Likeness | None:
    return _family(there, town.stranger(), there.birth_date)


def _twin_of_like_name(there: Likeness, town: Town) -> Likeness | None:
    """Two kanji and two kana, of which one differs: 優太 ユウタ and 優斗 ユウト."""
    name, kana = there.name.split(" ")[1], there.kana.split(" ")[1]
    other = town.stranger().name.split(" ")[1]
    letter = town.random.choice([each for each in _KANA if each != kana[-1]])
    if len(name) < 2 or name[-1] == other[-1]:
        return None
    family, family_kana = there.name.split(" ")[0], there.kana.split(" ")[0]
    return replace(there, name=f"{family} {name[:-1]}{other[-1]}", kana=f"{family_kana} {kana[:-1]}{letter}")


def _child(there: Likeness, town: Town) -> Likeness | None:
    """A child that leaves the parent's telephone."""
    born = there.birth_date
    if born is None or born.year > town.today.year - 25:
        return None
    return _family(there, town.stranger(), dt.date(born.year + 25, 1, 1) + town.random.randrange(365) * _DAY)


def _family(
    there: Likeness, other: Likeness, born: dt.date | None, named: Likeness | None = None
) -> Likeness | None:
    """One of the family, called as somebody else is; ``named``: of that one's family name instead."""
    named = named or there
    name, kana = other.name.split(" ")[1], other.kana.split(" ")[1]
    if name == named.name.split(" ")[1] or kana == named.kana.split(" ")[1]:
        return None
    return replace(
        there,
        name=f"{named.name.split(' ')[0]} {name}",
        kana=f"{named.kana.split(' ')[0]} {kana}",
        birth_date=born,
    )


def _same_name(there: Likeness, town: Town) -> Likeness | None:
    other = town.stranger()
    if other.birth_date == there.birth_date:
        return None
    return replace(other, name=there.name, kana=there.kana)


def _same_name_and_town(there: Likeness, town: Town) -> Likeness | None:
    other = _same_name(there, town)
    quarter = there.address[: there.address.index("丁目") - 2]
    return replace(other, address=f"{quarter}29丁目3番8号") if other is not None else None


def _same_family_name_and_day(there: Likeness, town: Town) -> Likeness | None:
    other = town.stranger()
    return _family(other, other, there.birth_date, named=there)


NEAR_MISSES: dict[str, Change] = {
    "twin": _twin,
    "twin of a like name": _twin_of_like_name,
    "child with a parent's telephone": _child,
    "same name, other birth date": _same_name,
    "same name and town, other birth date": _same_name_and_town,
    "same family name and birth date": _same_family_name_and_day,
}
