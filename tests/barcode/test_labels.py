"""Labels: painted in the plainest way there is and read back by zbarimg, character for character."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from madoguchi.barcode.check_digits import (
    CODE39_CHARACTERS,
    NW7_CHARACTERS,
    CheckDigit,
    check_character,
)
from madoguchi.barcode.labels import Bars, UnprintableCode, bars, bars_for
from madoguchi.barcode.symbology import TRAINING_PLAN, CodeRule, Meaning, Symbology, complete

DOTS_PER_MODULE = 3
HEIGHT = 60
MARGIN = 20

Reader: TypeAlias = Callable[[list[Bars]], list[str]]


def paint(label: Bars) -> bytes:
    """A grey picture (PGM) of the bars on white."""
    quiet = b"\xff" * label.quiet_zone * DOTS_PER_MODULE
    dots = b"".join(
        (b"\x00" if is_bar else b"\xff") * width * DOTS_PER_MODULE for is_bar, width in label.runs
    )
    row = quiet + dots + quiet
    blank = b"\xff" * len(row) * MARGIN
    size = f"P5\n{len(row)} {HEIGHT + 2 * MARGIN}\n255\n".encode()
    return size + blank + row * HEIGHT + blank


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    zbarimg = shutil.which("zbarimg")
    assert zbarimg is not None, "install zbar-tools: the labels are read back with zbarimg"

    def read_all(labels: list[Bars]) -> list[str]:
        pictures = []
        for number, label in enumerate(labels):
            picture = tmp_path / f"{number:04}.pgm"
            picture.write_bytes(paint(label))
            pictures.append(str(picture))
        # Only the four symbologies: with everything enabled zbar renames an EAN-13 978 to ISBN-13.
        switches = ["-Sdisable", *(f"-S{name}.enable" for name in ("codabar", "code39", "code128", "ean13"))]
        done = subprocess.run(
            [zbarimg, "--quiet", "--nodbus", *switches, *pictures], capture_output=True, check=True, text=True
        )
        return done.stdout.splitlines()

    return read_all


ZBAR_NAMES = {
    Symbology.NW7: "Codabar",
    Symbology.CODE39: "CODE-39",
    Symbology.CODE128: "CODE-128",
    Symbology.EAN13: "EAN-13",
}


def expected(labels: list[Bars]) -> list[str]:
    return [f"{ZBAR_NAMES[label.symbology]}:{label.encoded}" for label in labels]


def _ean(body: str) -> str:
    return body + check_character(CheckDigit.EAN_13, body)


def _some(seed: int, alphabet: str, shortest: int, longest: int, count: int = 40) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices(alphabet, k=chance.randint(shortest, longest))) for _ in range(count)]


def test_nw7_reads_back_with_its_letters(read: Reader) -> None:
    labels = [
        bars(Symbology.NW7, "1000000016"),
        bars(Symbology.NW7, NW7_CHARACTERS, start="B", stop="C"),
        bars(Symbology.NW7, "37859+", start="d", stop="a"),
        *(bars(Symbology.NW7, number, start="D", stop="B") for number in _some(1, NW7_CHARACTERS, 4, 20)),
    ]
    assert labels[0].encoded == "A1000000016A"
    assert labels[2].encoded == "D37859+A"
    assert read(labels) == expected(labels)


def test_code_39_reads_back_without_an_added_character(read: Reader) -> None:
    # zbar cuts a space at the very end, so none is drawn there.
    numbers = [number.strip() + "0" for number in _some(2, CODE39_CHARACTERS, 4, 14)]
    labels = [bars(Symbology.CODE39, number) for number in ("F0012345", CODE39_CHARACTERS, *numbers)]
    assert read(labels) == expected(labels)


def test_code_128_reads_back(read: Reader) -> None:
    printable = "".join(map(chr, range(0x20, 0x7F)))
    mixed = [number.strip() + "0" for number in _some(3, printable, 1, 30)]
    numeric = _some(4, "0123456789aB", 2, 24)
    halves = (printable[:48] + "x", printable[48:])
    labels = [
        bars(Symbology.CODE128, number)
        for number in ("1000000016", "Lib-12345", "123", "CMD-YES", *halves, *mixed, *numeric)
    ]
    assert read(labels) == expected(labels)


def test_ean_13_reads_back(read: Reader) -> None:
    numbers = ["9784883804788", _ean("491001234051"), *map(_ean, _some(5, "0123456789", 12, 12))]
    labels = [bars(Symbology.EAN13, number) for number in numbers]
    assert read(labels) == expected(labels)


def test_the_training_library_s_numbers_read_back(read: Reader) -> None:
    labels = [bars_for(rule, complete(rule, serial)) for rule in TRAINING_PLAN.rules for serial in (1, 98765)]
    assert read(labels) == expected(labels)
    assert [label.text for label in labels[:2]] == ["1000000016", complete(TRAINING_PLAN.rules[0], 98765)]


@pytest.mark.parametrize(
    ("label", "modules", "quiet_zone"),
    [
        (bars(Symbology.EAN13, "9784883804788"), 95, 11),
        # Of seven elements three are wide in A and two in 0, and a gap stands between two characters.
        (bars(Symbology.NW7, "0"), 13 + 1 + 11 + 1 + 13, 10),
        (bars(Symbology.CODE39, "0"), 3 * 15 + 2, 10),
        (bars(Symbology.CODE128, "00"), 3 * 11 + 13, 10),
    ],
)
def test_widths(label: Bars, modules: int, quiet_zone: int) -> None:
    assert label.modules == modules
    assert label.quiet_zone == quiet_zone
    assert label.runs[0][0]
    assert label.runs[-1][0]
    assert all(first[0] != second[0] for first, second in zip(label.runs, label.runs[1:], strict=False))


@pytest.mark.parametrize(
    ("symbology", "number"),
    [
        (Symbology.NW7, ""),
        (Symbology.NW7, "12A"),
        (Symbology.NW7, "A12A"),
        (Symbology.NW7, "１２"),
        (Symbology.NW7, "1" * 65),
        (Symbology.CODE39, "f12"),
        (Symbology.CODE39, "*F*"),
        (Symbology.CODE39, "本"),
        (Symbology.CODE128, "本"),
        (Symbology.CODE128, "１２３４"),
        (Symbology.CODE128, "12\n"),
        (Symbology.CODE128, "x" * 500),
        (Symbology.EAN13, "9784883804789"),
        (Symbology.EAN13, "978488380478"),
        (Symbology.EAN13, "97848838047880"),
        (Symbology.EAN13, "９784883804788"),
        (Symbology.EAN13, "4-88380-478-X"),
    ],
)
def test_what_cannot_be_drawn_is_refused_not_repaired(symbology: Symbology, number: str) -> None:
    with pytest.raises(UnprintableCode):
        bars(symbology, number)


@pytest.mark.parametrize("letter", ["", "E", "AB", "1", "ａ"])
def test_start_and_stop_letters_are_a_to_d(letter: str) -> None:
    with pytest.raises(UnprintableCode):
        bars(Symbology.NW7, "12", start=letter)
    with pytest.raises(UnprintableCode):
        bars(Symbology.NW7, "12", stop=letter)


@pytest.mark.parametrize("number", ["1000000017", "2000000011", "100000001", "A1000000016A", ""])
def test_no_label_is_made_that_the_counter_would_refuse(number: str) -> None:
    with pytest.raises(UnprintableCode):
        bars_for(TRAINING_PLAN.rules[0], number)


def test_a_rule_s_own_letters_are_drawn() -> None:
    rule = CodeRule(Meaning.ITEM, Symbology.NW7, "3", 8, CheckDigit.MODULUS_16, start="C", stop="D")
    number = complete(rule, 12)
    assert bars_for(rule, number).encoded == f"C{number}D"
