"""What should not have been scanned: each has its own sentence, nothing is written, the next scan works."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from madoguchi.app.training.situations import item_number, patron_number, staff_number
from madoguchi.barcode.scan import Scan, Source
from madoguchi.widgets.look.views import RowView, Sign, Tone
from tests.counter.harness import Counter, CounterLibrary, everything_said
from tests.support.library import TODAY

RIGHT_TO_LEFT = "\u202e"
ITEM, PATRON = item_number(901), patron_number(902)


def wrong(number: str) -> str:
    """The number with another check digit."""
    return number[:-1] + str((int(number[-1]) + 1) % 10)


@dataclass(frozen=True)
class Bad:
    """A text, and what the row says of it in its state."""

    text: str
    state: str
    shown: str


BAD = {
    "control characters": Bad("100\x00\x1b[2J\x07455", "制御文字を含んでいます", "100␀␛[2J␇455"),
    "500 characters": Bad("1" * 500, "長すぎる文字列です", "1" * 39 + "…"),
    "right-to-left marks": Bad(
        f"1000{RIGHT_TO_LEFT}000016", "見えない文字を含んでいます", "1000<U+202E>000016"
    ),
    "SQL": Bad("'; DROP TABLE loan; --", "番号ではありません", "'; DROP TABLE loan; --"),
    "markup": Bad("<b>太字</b><img src=x>", "番号ではありません", "<b>太字</b><img src=x>"),
    "ISBN": Bad("9784003101018", "ISBNです", "9784003101018"),
    "price row": Bad("1920193006006", "価格のバーコードです", "1920193006006"),
    "magazine": Bad("4910012345678", "雑誌の市販バーコードです", "雑誌 01234-56"),
    "staff card": Bad(staff_number(1), "職員カードです", staff_number(1)),
    "wrong check digit": Bad(wrong(ITEM), "検査数字が違います", wrong(ITEM)),
    "wrong check digit of a patron": Bad(wrong(PATRON), "検査数字が違います", wrong(PATRON)),
    "cut number": Bad(ITEM[:-3], "桁数が違います", ITEM[:-3]),
    "nothing": Bad("      ", "読み取れませんでした", "—"),
}
# the last digit of an EAN-13 is its own check digit; these are made right, whatever was typed above
for name in ("price row", "magazine"):
    body = BAD[name].text[:-1]
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    number = body + str(-total % 10)
    BAD[name] = Bad(number, BAD[name].state, number if name == "price row" else BAD[name].shown)

each_kind = pytest.mark.parametrize("kind", BAD)
each_page = pytest.mark.parametrize("page", [1, 2, 3], ids=["checkout", "return", "renewal"])


def assert_refused(counter: Counter, row: RowView, bad: Bad) -> None:
    """The row says what it was and why not, as plain text, and waits for nobody."""
    assert (row.sign, row.state, row.title) == (Sign.REFUSED, bad.state, bad.shown)
    assert row.detail
    assert not row.pinned
    strip = counter.strip()
    assert (strip.tone, strip.word, strip.right) == (Tone.REFUSED, bad.state, "処理していません")
    assert strip.side_first == row.detail
    painted = counter.painted_rows()[1]
    assert painted == bad.shown or (painted.endswith("…") and bad.shown.startswith(painted[:-1]))


def assert_harmless(counter: Counter) -> None:
    """No widget holds a character that could reorder, hide or interpret what is painted."""
    for widget, text in everything_said():
        strange = [
            f"U+{ord(c):04X}" for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        ]
        assert strange == [], (widget, text)
    for label in counter.window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText


@each_page
@each_kind
def test_each_kind_is_refused_in_words_and_writes_nothing(
    counter: Counter, library: CounterLibrary, kind: str, page: int
) -> None:
    card, item = library.patron(), library.item()
    if page == 1:
        counter.open_visit(card)
    else:
        library.lent(card, item, due_on=TODAY)
        counter.f(page)
    counter.settled()
    before = library.dump()
    counter.scan(BAD[kind].text)
    (row,) = counter.rows()
    assert_refused(counter, row, BAD[kind])
    assert_harmless(counter)
    counter.settled()
    assert library.dump() == before
    good = counter.scan_and_wait(item)
    assert (good.number, good.sign, good.title) == (2, Sign.DONE, library.title_of(item))
    assert library.dump() != before


def test_the_sentences_differ(counter: Counter) -> None:
    counter.open_visit(counter.library.patron())
    sentences: dict[str, str] = {}
    for kind, bad in BAD.items():
        counter.scan(bad.text)
        row = counter.rows()[-1]
        sentences[kind] = f"{row.state}。{row.detail}"
    # markup and SQL are the same to the counter: neither is a number
    del sentences["markup"]
    counter.f(2)
    counter.scan(counter.library.patron())
    sentences["patron card"] = f"{counter.rows()[-1].state}。{counter.rows()[-1].detail}"
    assert len(set(sentences.values())) == len(BAD)
    for sentence in sentences.values():
        assert re.search("[ぁ-ん]", sentence), "a sentence in Japanese"


@pytest.mark.parametrize("page", [2, 3], ids=["return", "renewal"])
def test_a_patron_card_where_an_item_belongs(counter: Counter, library: CounterLibrary, page: int) -> None:
    card, item = library.patron(), library.item()
    library.lent(card, item, due_on=TODAY)
    counter.f(page)
    counter.settled()
    before = library.dump()
    row = counter.scan_and_wait(card)
    assert_refused(counter, row, Bad(card, "利用者カードです", "—"))
    assert library.dump() == before
    assert counter.scan_and_wait(item).sign is Sign.DONE


def test_an_empty_scan_of_a_serial_scanner(counter: Counter, library: CounterLibrary) -> None:
    counter.open_visit(library.patron())
    before = library.dump()
    for text in ("", "\r\n", "\u3000"):
        counter.window.take(Scan(text, Source.SERIAL, 0.0))
        assert_refused(counter, counter.rows()[-1], BAD["nothing"])
    counter.settled()
    assert library.dump() == before
    assert counter.scan_and_wait(library.item()).sign is Sign.DONE


@each_kind
def test_before_sign_in_nothing_is_taken(counter: Counter, library: CounterLibrary, kind: str) -> None:
    counter.f(12)
    counter.settled()
    before = library.dump()
    counter.scan(BAD[kind].text)
    assert counter.window.page is None
    assert_harmless(counter)
    panel = counter.window.sign_in.panel
    assert (panel.user_field().text(), panel.password_field().text()) == ("", "")
    counter.settled()
    assert library.dump() == before
    counter.sign_in()
    assert counter.rows() == ()
