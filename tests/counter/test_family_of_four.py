"""A family of four registered at the real program, from a cold start and with the keyboard alone.

``python -m tests.counter.test_family_of_four`` types at the pace of people (Dhakal et al., CHI 2018: 239 ms a
key) and prints keystrokes and time. As a test it types faster, and says what the library has of them.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.training import library
from madoguchi.app.training.situations import patron_number
from tests.counter.program import Terminal, built, started
from tests.support.xvfb import Screen, wait_for

__all__ = ["built"]

PERSONS_KEY_MS: Final = 239
QUICK_KEY_MS: Final = 60
"""Slower than a scanner, whose keys go elsewhere."""
_STRIP: Final = (0, 676, 1366, 92)
_CENTRE: Final = (480, 60, 880, 600)


@dataclass(frozen=True, slots=True)
class Member:
    """One of the family: only what is theirs. ``proof``: they have left school, and show their licence."""

    card: str
    name: str
    kana: str
    birth_date: str
    proof: bool


FAMILY: Final = (
    Member(patron_number(7001), "家族 一郎", "カゾク イチロウ", "S55.4.1", proof=True),
    Member(patron_number(7002), "花子", "ハナコ", "S57/12/3", proof=True),
    Member(patron_number(7003), "次郎", "ジロウ", "2015/8/20", proof=False),
    Member(patron_number(7004), "春", "ハル", "R2.1.5", proof=False),
)
POSTAL_CODE, NUMBERS, TELEPHONE = "2510037", "1-2-3", "0466000001"


def give_keys(screen: Screen, letters: str) -> None:
    """Keys of their own for these letters, where a keyboard has keys for players and browsers.

    xdotool alone would bind a key anew for each letter, and not every one would reach the program.
    """
    file = Path(screen.environment["HOME"]) / "keys.xkb"
    display = screen.environment["DISPLAY"]
    subprocess.run(["xkbcomp", "-w0", display, str(file)], check=True, capture_output=True)
    wanted = iter(dict.fromkeys(letters))

    def bound(found: re.Match[str]) -> str:
        letter = next(wanted, "")
        return f"{found[1]}{{ [ U{ord(letter):04X} ] }};" if letter else found[0]

    keys = re.sub(r"(key <I\d+> )\{\s+\[\s+XF86\w+ \] \};", bound, file.read_text(encoding="utf-8"))
    assert next(wanted, "") == "", "there are more letters than keys"
    file.write_text(keys, encoding="utf-8")
    subprocess.run(["xkbcomp", "-w0", str(file), display], check=True, capture_output=True)


@dataclass
class Hands:
    """A clerk's, on a keyboard. ``keys`` is how many were pressed."""

    screen: Screen
    key_ms: int
    keys: int = 0
    seconds_of: dict[str, float] = field(default_factory=dict)

    def type(self, text: str, *then: str) -> None:
        """Types a text, then presses keys by their X names."""
        if text:
            self.screen.type_like_a_clerk(text, key_ms=self.key_ms)
        self.press(*then)
        self.keys += len(text)

    def press(self, *names: str) -> None:
        for name in names:
            self.screen.key(name)
            time.sleep(self.key_ms / 1000)
        self.keys += len(names)

    def press_and_see(self, name: str, area: tuple[int, int, int, int], what: str) -> None:
        """Presses a key and looks until that part of the screen has changed."""
        before = self.screen.picture(*area)
        self.press(name)
        wait_for(lambda: self.screen.picture(*area) != before, what)


def sign_in(hands: Hands, terminal: Terminal) -> None:
    give_keys(terminal.screen, "".join(member.name + member.kana for member in FAMILY).replace(" ", ""))
    hands.type(terminal.login, "Return")
    hands.type(terminal.password, "Return")
    wait_for(terminal.signed_in, "the checkout page")


def register_family(hands: Hands) -> None:
    """The first with all that is the family's, the others with what is theirs."""
    hands.press_and_see("F5", _CENTRE, "the page of patrons")
    hands.press_and_see("F9", _CENTRE, "the form")
    for place, member in enumerate(FAMILY):
        begun = time.monotonic()
        hands.type(member.card, "Return")
        hands.type(member.name, "Return")
        hands.type(member.kana, "Return")
        hands.type(member.birth_date)
        if place == 0:
            hands.press("Return")
            hands.type(POSTAL_CODE, "Return")
            hands.type(NUMBERS, "Return")
            # mail, category: Enter passes them
            hands.type(TELEPHONE, "Return", "Return", "Return")
        elif member.proof:
            # what is missing is marked, and the keyboard is there
            hands.press_and_see("F10", _CENTRE, "what is missing")
        if member.proof:
            # the first is a licence
            hands.press("space")
        hands.press_and_see("F10", _STRIP, f"member {place + 1}")
        hands.seconds_of[str(place + 1)] = time.monotonic() - begun
        if member is not FAMILY[-1]:
            hands.press_and_see("F10", _CENTRE, "the next form")


ONE = "select patron.{column} from patron join card on card.patron_id = patron.id where card.number = ?"
RELATIVES = """
select card.number from card join family_member on family_member.patron_id = card.patron_id
 where family_id = (select family_id from family_member join card on card.patron_id = family_member.patron_id
                     where card.number = ?)
 order by card.number
"""


def columns(terminal: Terminal, member: Member) -> dict[str, str]:
    """What the library has of one of them."""
    names = ("name", "kana", "birth_date", "category", "postal_code", "address", "telephone", "proof")
    return {name: terminal.rows(ONE.format(column=name), member.card)[0] for name in names}


def test_a_family_of_four_by_the_keyboard_alone(tmp_path: Path, built: bytes) -> None:
    with started(tmp_path, built) as terminal:
        hands = Hands(terminal.screen, QUICK_KEY_MS)
        sign_in(hands, terminal)
        register_family(hands)
        found = [columns(terminal, member) for member in FAMILY]
        assert [(each["name"], each["kana"]) for each in found] == [
            ("家族 一郎", "カゾク イチロウ"),
            ("家族 花子", "カゾク ハナコ"),
            ("家族 次郎", "カゾク ジロウ"),
            ("家族 春", "カゾク ハル"),
        ]
        assert [each["birth_date"] for each in found] == [
            "1980-04-01", "1982-12-03", "2015-08-20", "2020-01-05",
        ]  # fmt: skip
        assert [each["proof"] for each in found] == ["licence", "licence", "not_needed", "not_needed"]
        assert [each["category"] for each in found] == ["resident", "resident", "child", "child"]
        assert {(each["postal_code"], each["address"], each["telephone"]) for each in found} == {
            (POSTAL_CODE, "神奈川県藤沢市鵠沼海岸" + NUMBERS, TELEPHONE)
        }
        assert terminal.rows(RELATIVES, FAMILY[0].card) == [member.card for member in FAMILY]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "built.sqlite"
        library.reset(file, shipped_records().records)
        begun = time.monotonic()
        with started(Path(folder), file.read_bytes()) as terminal:
            shown = time.monotonic()
            hands = Hands(terminal.screen, PERSONS_KEY_MS)
            sign_in(hands, terminal)
            register_family(hands)
            whole = time.monotonic()
            assert terminal.rows(RELATIVES, FAMILY[0].card) == [member.card for member in FAMILY]
        members = ", ".join(f"{seconds:.0f} s" for seconds in hands.seconds_of.values())
        print(f"keystrokes (sign-in included): {hands.keys}")
        print(f"seconds, cold start included: {whole - begun:.0f}, of them {shown - begun:.0f} the start")
        print(f"each of them: {members}")


if __name__ == "__main__":
    main()
