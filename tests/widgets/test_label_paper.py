"""Printed labels: each is read back as its number by zbarimg, wherever it lies on whichever sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from madoguchi.barcode.label_sheets import CARDS_TO_CUT, SHEETS, Sheet, SheetLayout
from madoguchi.barcode.labels import UnprintableCode, bars, bars_for
from madoguchi.barcode.symbology import TRAINING_PLAN, CheckDigit, CodeRule, Meaning, Symbology, complete
from madoguchi.widgets.label_paper import (
    CardLabel,
    ItemLabel,
    Label,
    LabelSheets,
    SpineLabel,
    check_room,
    paint_sheets,
    picture,
)
from madoguchi.widgets.sheet_pages import write_pdf
from tests.widgets.test_command_sheet import read_back, run

ITEM, PATRON, _ = TRAINING_PLAN.rules
LIBRARY = "総合市民図書館"
TITLE = "吾輩は猫である 上"


def item(serial: int, title: str = "") -> ItemLabel:
    return ItemLabel(bars_for(ITEM, complete(ITEM, serial)), title)


def on_paper(folder: Path, layout: SheetLayout, labels: tuple[Label, ...], start: int = 1) -> Path:
    folder.mkdir(exist_ok=True)
    sheets = LabelSheets(layout, labels, LIBRARY, "図書館利用カード", start)
    file = folder / "labels.pdf"
    pages = write_pdf(file, "t", "{path}{reason}", lambda p, w: paint_sheets(p, sheets, w.newPage))
    assert pages == sheets.pages
    return file


@pytest.mark.parametrize("dots_per_inch", [200, 300])
@pytest.mark.parametrize("sheet", list(Sheet))
def test_every_label_of_a_sheet_is_read_back(
    sheet: Sheet, dots_per_inch: int, tmp_path: Path, qapp: QApplication
) -> None:
    layout = SHEETS[sheet]
    # a whole sheet and one on the next; every other one with its title
    labels = tuple(item(90_000_000 + n, TITLE if n % 2 else "") for n in range(layout.count + 1))
    read = read_back(on_paper(tmp_path / "of", layout, labels), dots_per_inch)
    assert sorted(read) == sorted(f"Codabar:A{label.bars.text}A" for label in labels)


@pytest.mark.parametrize("sheet", list(Sheet))
def test_it_begins_at_the_first_and_at_the_last_position(
    sheet: Sheet, tmp_path: Path, qapp: QApplication
) -> None:
    layout = SHEETS[sheet]
    for start in (1, layout.count):
        folder = tmp_path / str(start)
        file = on_paper(folder, layout, (item(90_000_000), item(90_000_001)), start)
        for dots_per_inch in (200, 300):
            assert len(read_back(file, dots_per_inch)) == 2
        # where on the paper: pdftotext says the box of the number's text in points, from the upper left
        boxes = run("pdftotext", "-bbox", file, "-")
        pages = boxes.split("<page ")[1:]
        assert len(pages) == (1 if start == 1 else 2)
        for page, place, number in (
            (0, start - 1, "1900000009"),
            (len(pages) - 1, start % layout.count, "1900000017"),
        ):
            (line,) = [line for line in pages[page].splitlines() if number in line]
            box = dict(part.split("=") for part in line.split(">")[0].split() if "=" in part)
            x, y = ((float(box[key].strip('"')) * 25.4 / 72) for key in ("xMin", "yMin"))
            row, column = divmod(place, layout.columns)
            assert 0 < x - layout.left - column * layout.pitch_x < layout.width
            assert 0 < y - layout.top - row * layout.pitch_y < layout.height


@pytest.mark.parametrize("dots_per_inch", [200, 300])
def test_numbers_of_other_libraries_and_sheets_of_ones_own(
    tmp_path: Path, dots_per_inch: int, qapp: QApplication
) -> None:
    labels = {
        "EAN-13": bars(Symbology.EAN13, "2000000000008"),
        "CODE-39": bars(Symbology.CODE39, "L000012"),
        "CODE-128": bars(Symbology.CODE128, "10000000000000000123"),
        "Codabar": bars(Symbology.NW7, "10000000123", start="B", stop="C"),
    }
    low = SheetLayout(3, 20, 64.0, 12.0, 5.0, 6.0, 67.0, 14.0)
    for layout in (SHEETS[Sheet.OF_44], low):
        for kind, label in labels.items():
            folder = tmp_path / f"{kind}{layout.rows}"
            read = read_back(on_paper(folder, layout, (ItemLabel(label, TITLE),)), dots_per_inch)
            assert read == [f"{kind}:{label.encoded}"]


def test_a_check_character_that_is_a_space_is_printed_too(tmp_path: Path, qapp: QApplication) -> None:
    rule = CodeRule(Meaning.ITEM, Symbology.CODE39, "L", 6, CheckDigit.MODULUS_43)
    number = next(n for n in (complete(rule, serial) for serial in range(100)) if n.endswith(" "))
    file = on_paper(tmp_path / "of", SHEETS[Sheet.OF_24], (ItemLabel(bars_for(rule, number)),))
    for dots_per_inch in (200, 300):
        read = [line.removeprefix("CODE-39:").strip() for line in read_back(file, dots_per_inch)]
        assert read == [number.strip()]


@pytest.mark.parametrize("dots_per_inch", [200, 300])
def test_ten_cards_are_on_one_sheet(tmp_path: Path, dots_per_inch: int, qapp: QApplication) -> None:
    cards = tuple(CardLabel(bars_for(PATRON, complete(PATRON, 90_000_000 + n))) for n in range(10))
    file = on_paper(tmp_path / "of", CARDS_TO_CUT, cards)
    assert sorted(read_back(file, dots_per_inch)) == sorted(f"Codabar:A{c.bars.text}A" for c in cards)
    said = run("pdftotext", "-layout", file, "-").split()
    assert said.count(LIBRARY) == 10
    assert set(said) == {LIBRARY, "図書館利用カード", *(card.bars.text for card in cards)}


def test_a_label_says_library_number_and_title_where_there_is_room(
    tmp_path: Path, qapp: QApplication
) -> None:
    for sheet in Sheet:
        said = run("pdftotext", on_paper(tmp_path / sheet.value, SHEETS[sheet], (item(5, TITLE),)), "-")
        assert said.split() == [LIBRARY, complete(ITEM, 5), *TITLE.split()]
    # a low one has bars and number: what is read goes before what is looked at
    low = SheetLayout(1, 1, 60.0, 12.0, 5.0, 5.0, 60.0, 12.0)
    said = run("pdftotext", on_paper(tmp_path / "low", low, (item(5, TITLE),)), "-")
    assert said.split() == [complete(ITEM, 5)]


def test_a_spine_label_has_its_three_rows_one_below_the_other(tmp_path: Path, qapp: QApplication) -> None:
    long = "第3巻 続日本史の研究と資料と索引と年表と地図と写真と解説"
    labels = (SpineLabel("913.6", "ナ", "2"), SpineLabel("E", "", ""), SpineLabel("", "", long))
    for sheet in Sheet:
        file = on_paper(tmp_path / sheet.value, SHEETS[sheet], labels)
        said = run("pdftotext", "-bbox", file, "-")
        lines = [line for line in said.splitlines() if "<word" in line]
        tops = [next(float(line.split('yMin="')[1].split('"')[0]) for line in lines if f">{text}<" in line)
                for text in ("913.6", "ナ", "2")]  # fmt: skip
        assert tops == sorted(tops)
        assert len(set(tops)) == 3
        # what is too long is cut, and not written over the label beside it
        right = max(float(line.split('xMax="')[1].split('"')[0]) for line in lines) * 25.4 / 72
        assert right < SHEETS[sheet].left + 2 * SHEETS[sheet].pitch_x + SHEETS[sheet].width


def test_what_has_no_room_is_told_before_anything_is_painted(tmp_path: Path, qapp: QApplication) -> None:
    long = ItemLabel(bars(Symbology.CODE39, "L" * 12))
    low = SheetLayout(1, 1, 60.0, 10.0, 5.0, 5.0, 60.0, 10.0)
    check_room(SHEETS[Sheet.OF_24], item(5))
    with pytest.raises(UnprintableCode):
        check_room(SHEETS[Sheet.OF_65], long)
    with pytest.raises(UnprintableCode):
        check_room(SheetLayout(1, 1, 30.0, 30.0, 5.0, 5.0, 30.0, 30.0), item(5))
    with pytest.raises(UnprintableCode):
        check_room(SHEETS[Sheet.OF_24], CardLabel(bars_for(PATRON, complete(PATRON, 5))))
    with pytest.raises(UnprintableCode):
        on_paper(tmp_path / "of", SHEETS[Sheet.OF_65], (item(5), long))
    assert not (tmp_path / "of" / "labels.pdf").exists()
    # a label as low as any: bars that nobody can read are not printed
    with pytest.raises(UnprintableCode):
        check_room(low, item(5))


def test_the_picture_is_the_page_and_shows_the_edges(qapp: QApplication) -> None:
    sheets = LabelSheets(SHEETS[Sheet.OF_44], tuple(item(n) for n in range(3)), LIBRARY, start=43)
    first, second = (picture(sheets, page, 100) for page in (0, 1))
    assert (first.width(), first.height()) == (827, 1169)

    def dark(image, column: int, row: int) -> int:
        layout = sheets.layout
        left, top = (layout.left + column * 48.3) / 0.254, (layout.top + row * 25.4) / 0.254
        inside = [
            (x, y) for x in range(int(left) + 4, int(left) + 186) for y in range(int(top) + 4, int(top) + 96)
        ]
        return sum(image.pixelColor(x, y).lightness() < 100 for x, y in inside)

    assert dark(first, 2, 10) > 500
    assert dark(first, 3, 10) > 500
    assert dark(second, 0, 0) > 500
    assert dark(first, 1, 10) == dark(second, 1, 0) == 0
    # the edge between two labels is to be seen
    across = [first.pixelColor(x, 300).lightness() for x in range(first.width())]
    assert sum(lightness < 245 for lightness in across) >= 5
