"""Slips: templates that are checked, rows that fit the paper, and the bytes a receipt printer takes."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.printing.escpos_slip import DOTS, barcode_dots, encoded, slip_bytes
from madoguchi.app.printing.layout import MOST_ROWS, laid_out, printable, width
from madoguchi.app.printing.receipt_printer import PrinterTrouble, print_slip
from madoguchi.app.printing.slips import (
    Align,
    LineKind,
    Slip,
    SlipContent,
    SlipKind,
    SlipLine,
    in_japanese,
)
from madoguchi.app.printing.templates import BadTemplate, Templates, load_templates, parse_template
from madoguchi.app.settings import load
from tests.support.receipt_printer import FakePrinter

SHELF = SlipContent(
    SlipKind.SHELF,
    {
        "branch": "南市民図書館",
        "date": "2026年5月12日(火)",
        "time": "10:00",
        "title": "吾輩は猫である",
        "number": "1100000018",
        "label": "0019",
        "keep_until": "2026年5月20日(水)",
    },
    barcode="A1100000018A",
)
LOAN = SlipContent(
    SlipKind.LOAN,
    {
        "branch": "総合市民図書館",
        "date": "2026年5月12日(火)",
        "time": "10:00",
        "count": "2",
        "card_end": "0019",
    },
    ({"title": "こころ", "due": "2026年5月26日(火)"}, {"title": "三四郎", "due": "2026年5月26日(火)"}),
)


def text_of(content: SlipContent, columns: int = 32) -> list[str]:
    return [row.text.strip() for row in laid_out(Templates().fill(content), columns)]


@pytest.mark.parametrize("columns", [32, 48])
def test_a_bytes_stream_is_what_the_printer_is_told(columns: int) -> None:
    """Every byte of a shelf's slip, taken apart as a printer does."""
    printer = FakePrinter()
    slip = Templates().fill(SHELF)
    made = slip_bytes(laid_out(slip, columns), columns, slip.barcode)
    assert print_slip(printer.place, made, seconds=5) is None
    printer.close()
    assert printer.slips == [made]
    assert made.startswith(b"\x1b@\x1cC\x01\x1c&")
    # NW-7 by its number, its length before it, start and stop letters within it
    assert b"\x1dh\x50\x1dw\x02\x1df\x00\x1dH\x02\x1dkG\x0cA1100000018A" in made
    assert made.endswith(b"\x1bd\x06\x1dV\x01")
    assert b"\x1ba\x01\x1d!\x110019\n\x1d!\x00" in made
    plain = re.sub(rb"\x1dk.{2}[A-D0-9]+|[\x1b\x1c\x1d](?:@|&|[aCdhwfHV!].)", b"", made).decode("cp932")
    rows = plain.split("\n")
    assert [row for row in rows if row.strip()] == [
        "取置票  南市民図書館",
        "0019",
        "-" * columns,
        "吾輩は猫である",
        "取置期限 2026年5月20日(水)",
        "-" * columns,
        "2026年5月12日(火) 10:00",
    ]
    assert all(width(row) <= columns for row in rows)


@pytest.mark.parametrize(
    ("fails", "trouble"),
    [
        ({"state": 0x12 | 0x20}, PrinterTrouble.NO_PAPER),
        ({"state": 0x12 | 0x04}, PrinterTrouble.COVER_OPEN),
        ({"paper": 0x0C}, PrinterTrouble.NO_PAPER),
        ({"state": None}, PrinterTrouble.TIMED_OUT),
        ({"dies_after": 20}, PrinterTrouble.BROKE_OFF),
    ],
)
def test_a_slip_that_was_not_printed_says_why(fails: dict[str, int | None], trouble: PrinterTrouble) -> None:
    printer = FakePrinter()
    for name, value in fails.items():
        setattr(printer, name, value)
    slip = Templates().fill(SHELF)
    made = slip_bytes(laid_out(slip, 32), 32, slip.barcode)
    assert print_slip(printer.place, made, seconds=0.7) is trouble
    place = printer.place
    printer.close()
    assert print_slip(place, made, seconds=0.7) is PrinterTrouble.NOT_REACHED


def test_a_barcode_that_is_wider_than_the_paper_is_left_out() -> None:
    long = f"A{'1' * 14}A"
    rows = (SlipLine(kind=LineKind.BARCODE), SlipLine("1" * 14))
    assert DOTS[32] < barcode_dots(long) <= DOTS[48]
    assert long.encode() not in slip_bytes(rows, 32, long)
    assert long.encode() in slip_bytes(rows, 48, long)


def test_lines_of_several_items_follow_each_other_and_what_is_missing_is_left_out() -> None:
    assert text_of(LOAN) == [
        "貸出票", "総合市民図書館", "2026年5月12日(火) 10:00", "",
        "こころ", "返却期限 2026年5月26日(火)", "三四郎", "返却期限 2026年5月26日(火)", "",
        "2点", "利用者番号の末尾 0019", "返却期限までにお返しください。",
    ]  # fmt: skip
    without = SlipContent(SlipKind.LOAN, {**LOAN.values, "card_end": ""}, LOAN.items)
    assert "利用者番号の末尾 0019" not in text_of(without)
    assert "こころ" not in repr(LOAN)
    assert "0019" not in repr(Templates().fill(LOAN))
    assert in_japanese(dt.date(2026, 12, 13)) == "2026年12月13日(日)"


def test_nothing_is_left_where_the_library_was_loaded(tmp_path: Path) -> None:
    """What python-escpos does when it is loaded is undone; a process of its own, for it is loaded once."""
    program = (
        "from madoguchi.app.printing.escpos_slip import slip_bytes\n"
        "assert slip_bytes((), 32, '').startswith(b'\\x1b@')\n"
        "import os, logging\n"
        "assert 'ESCPOS_CAPABILITIES_FILE' not in os.environ\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_what_is_filled_in_is_no_template() -> None:
    title = "{label} ^!--- {0.__class__}\x1b@\x1dV\x00\n|||"
    slip = Templates().fill(SlipContent(SlipKind.SHELF, {**SHELF.values, "title": title}))
    made = slip_bytes(laid_out(slip, 48), 48, "")
    assert "{label} ^!--- {0.__class__}@ V |||".encode("cp932") in made
    # no command of the printer's own among it
    assert made.count(b"\x1b@") == 1
    assert made.count(b"\x1dV") == 1


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("loan", "{name}", "line 1: {name} is none of branch, card_end, count, date, time"),
        ("loan", "貸出票\n* {label}", "line 2: {label} is none of due, number, title"),
        ("loan", "|||", "line 1: this kind of slip has no barcode"),
        ("shelf", "* {title}", "this kind of slip is about one item"),
        ("shelf", "{title", "line 1: a brace that belongs to no placeholder"),
        ("shelf", "{title.x}", "line 1: a brace that belongs to no placeholder"),
        ("shelf", "a\x1b@", r"line 1: a character that cannot be seen \(U\+001B\)"),
        ("shelf", "# nothing\n---\n", "a slip with nothing on it"),
        ("shelf", "a\n" * 100, "more than 80 lines"),
    ],
)
def test_a_template_is_checked(kind: str, text: str, why: str) -> None:
    with pytest.raises(BadTemplate, match=why.replace("{", r"\{").replace("}", r"\}")):
        parse_template(SlipKind(kind), text)


def test_the_library_s_own_template_takes_the_place_of_the_program_s(tmp_path: Path) -> None:
    own, settings = tmp_path / "取置.txt", tmp_path / "settings.toml"
    own.write_text("\ufeff>!{label} さま\n", encoding="utf-8")
    templates = load_templates([("shelf", str(own))])
    assert templates.fill(SHELF).lines == (SlipLine("0019 さま", Align.RIGHT, large=True),)
    assert templates.fill(LOAN) == Templates().fill(LOAN)
    settings.write_text(
        f'slip_paper = "58"\nslips_at_once = ["loan"]\nslip_templates = {{ shelf = "{own}" }}\n',
        encoding="utf-8",
    )
    loaded = load({"MADOGUCHI_HOME": str(tmp_path)})
    assert (loaded.slip_paper, loaded.slips_at_once) == ("58", ("loan",))
    assert loaded.slip_templates == (("shelf", str(own)),)


@pytest.mark.parametrize(
    ("settings", "written", "why"),
    [
        ('slip_paper = "57"', "", "slip_paper: one of 58, 80, a6, a4"),
        ('slips_at_once = ["letters"]', "", "slips_at_once: of loan, renewal"),
        ("slips_at_once = [1]", "", "slips_at_once: not a list of names"),
        ("slip_templates = { letter = 'x' }", "", "slip_templates: letter: one of"),
        ("slip_templates = { shelf = 1 }", "", "slip_templates: not a file for each kind"),
        ("slip_templates = { shelf = 'own.txt' }", "", "slip_templates: own.txt: "),
        ("slip_templates = { shelf = 'FILE' }", b"{name}", "FILE: line 1: {name} is none of"),
        ("slip_templates = { shelf = 'FILE' }", "取置".encode("cp932"), "FILE: not UTF-8"),
        ("slip_templates = { shelf = 'FILE' }", b"a" * 9_000, "FILE: more than 8000 bytes"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said_at_the_start(
    tmp_path: Path, settings: str, written: bytes | str, why: str
) -> None:
    from madoguchi.app.settings import SettingsError

    own = tmp_path / "own_template.txt"
    if isinstance(written, bytes):
        own.write_bytes(written)
    (tmp_path / "settings.toml").write_text(settings.replace("FILE", str(own)), encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(why.replace("FILE", str(own)))):
        load({"MADOGUCHI_HOME": str(tmp_path)})


@given(st.text(max_size=200), st.sampled_from([32, 48]), st.booleans())
def test_no_row_is_wider_than_the_paper(text: str, columns: int, large: bool) -> None:
    slip = Slip(SlipKind.SHELF, (SlipLine(text, large=large),))
    rows = laid_out(slip, columns)
    room = columns // 2 if large else columns
    assert 1 <= len(rows) <= MOST_ROWS
    for row in rows:
        assert width(row.text) == len(encoded(row.text)) <= room
        assert row.text == printable(row.text)


def test_a_long_title_goes_on_below_and_is_cut() -> None:
    title = "図書館の自由に関する宣言と、利用者の秘密を守ること。" * 4
    rows = [row.text for row in laid_out(Slip(SlipKind.LOAN, (SlipLine(title),)), 32)]
    assert len(rows) == 3
    assert rows[-1].endswith("…")
    # no stop and no small letter begins a row
    assert not [row for row in rows if row[0] in "、。ょ"]
    indented = Slip(SlipKind.LOAN, (SlipLine("  " + "あ" * 20),))
    assert [row.text[:2] for row in laid_out(indented, 32)] == ["  ", "  "]
    # what the printer has no sign for, and what Unicode has two of
    assert encoded("𠮷野家〜") == "〓野家".encode("cp932") + b"\x81\x81"[:0] + encoded("〜")
    assert encoded(printable("〜")) == "～".encode("cp932")
