"""The training sheet: printed and read back by zbarimg, and every line of it done at a training library."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PySide6.QtWidgets import QApplication

from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.clock import LibraryClock
from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Refused, Renewed, Route, VisitOpened
from madoguchi.app.lending.checkin import check_in
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.lending.facts import Desk
from madoguchi.app.lending.renewal import renew
from madoguchi.app.lending.rules import Refusal
from madoguchi.app.server import schema
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.server.gateway import Connected
from madoguchi.app.staff.permissions import Permission, may
from madoguchi.app.staff.session import SignedIn
from madoguchi.app.staff.sign_in import sign_in
from madoguchi.app.training import library as training
from madoguchi.app.training.sheet import CREDIT, NotTheTrainingLibrary, Sheet, training_sheet
from madoguchi.app.training.sheet_words import Outcome, Task
from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD, Case, ItemCase
from madoguchi.barcode.labels import UnprintableCode, bars
from madoguchi.barcode.symbology import (
    TRAINING_PLAN,
    Isbn,
    ItemCode,
    PatronCode,
    Symbology,
    Unknown,
    parse,
)
from madoguchi.widgets.sheet import write_sheet

# a Tuesday in a quiet month: every branch is open on it and a fortnight later
TODAY = dt.date(2026, 5, 12)
CLOCK = LibraryClock(lambda: dt.datetime(2026, 5, 12, 1, tzinfo=dt.UTC))
HOME = Desk(branch_id=1, terminal="1番窓口", login="kunren")

ZBAR_NAMES = {
    Symbology.NW7: "Codabar",
    Symbology.CODE128: "CODE-128",
    Symbology.EAN13: "EAN-13",
}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training library just made; tests that write take a copy."""
    path = tmp_path_factory.mktemp("training") / "library.db"
    training.reset(path, shipped_records().records, CLOCK)
    return path


@pytest.fixture
def engine(pristine: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    copy = tmp_path / "library.db"
    shutil.copyfile(pristine, copy)
    made = make_engine(embedded_url(copy), CLOCK)
    yield made
    made.dispose()


@pytest.fixture
def sheet(engine: sa.Engine) -> Sheet:
    return training_sheet(engine, TODAY)


@pytest.fixture
def printed(sheet: Sheet, tmp_path: Path, qapp: QApplication) -> Path:
    path = tmp_path / "sheet.pdf"
    write_sheet(path, sheet)
    return path


def run(tool: str, *arguments: str | Path) -> str:
    found = shutil.which(tool)
    assert found is not None, f"install {tool}: the sheet is looked at with it"
    return subprocess.run([found, *arguments], capture_output=True, check=True, text=True).stdout


# -- on paper --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dots_per_inch", [200, 300])
def test_every_bar_reads_back_and_no_other(sheet: Sheet, printed: Path, dots_per_inch: int) -> None:
    run("pdftoppm", "-r", str(dots_per_inch), "-gray", printed, printed.with_name("page"))
    pictures = sorted(printed.parent.glob("page-*.pgm"))
    # Only the four symbologies: with everything enabled zbar renames an EAN-13 978 to ISBN-13.
    switches = ["-Sdisable", *(f"-S{name}.enable" for name in ("codabar", "code39", "code128", "ean13"))]
    read = run("zbarimg", "--nodbus", "-q", *switches, *pictures).splitlines()
    expected = [
        f"{ZBAR_NAMES[card.symbology]}:{bars(card.symbology, card.number).encoded}"
        for card in sheet.cards.values()
    ]
    assert sorted(read) == sorted(expected)
    assert len(set(expected)) == len(expected)


def test_bars_are_whole_printer_dots_with_their_quiet_zones(printed: Path) -> None:
    run("pdftoppm", "-r", "300", "-gray", "-f", "4", "-l", "4", printed, printed.with_name("fine"))
    (picture,) = printed.parent.glob("fine-*.pgm")
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", picture.read_bytes())
    assert header is not None
    width = int(header[1])
    dots = picture.read_bytes()[header.end() :]
    rows_through_bars = 0
    for start in range(0, len(dots), width):
        row = dots[start + width * 65 // 100 : start + width]  # the words stand left of that
        runs = [(value, len(list(run))) for value, run in groupby(row)]
        # the digits beneath, and the upper and lower edges, have greys; bars off the grid would, too
        if len(runs) < 80 or {value for value, _ in runs} != {0, 255}:
            continue
        rows_through_bars += 1
        left, *lengths, right = [length for _, length in runs]
        # 4 dots of 300 dpi are 0.34 mm, the narrow bar; a wide one has three times that
        assert set(lengths) == {4, 12}
        assert min(left, right) >= 10 * 4
    cards_on_the_page = 10
    eleven_millimetres = 128  # of 300 dpi, without the edges
    assert rows_through_bars >= cards_on_the_page * eleven_millimetres


def test_words_are_text_in_embedded_fonts(sheet: Sheet, printed: Path) -> None:
    pages = run("pdftotext", "-layout", printed, "-").removesuffix("\f").split("\f")
    for number, page in enumerate(pages, start=1):
        for everywhere in ("練習用", "2026年5月12日 作成", CREDIT, f"{number} / {len(pages)}"):
            assert everywhere in page
    squeezed = re.sub(r"\s", "", "".join(pages))
    for card in sheet.cards.values():
        for words in (card.mark, card.number, card.heading.format_map(sheet.fill)):
            assert re.sub(r"\s", "", words) in squeezed
    for number in (sheet.cards["good"], sheet.cards["book_a"]):
        assert number.subject.replace(" ", "") in squeezed
    for seed in STAFF:
        assert f"職員番号{seed.login}パスワード{TRAINING_PASSWORD}" in squeezed

    fonts = run("pdffonts", printed).splitlines()[2:]
    assert {font.split()[0].rpartition("+")[2].partition("-")[0] for font in fonts} == {
        "BIZUDGothic",
        "BIZUDPGothic",
    }
    assert all(re.search(r"\syes (yes|no)\s+yes\s", font) for font in fonts), fonts


def test_it_says_how_many_pages_there_are(sheet: Sheet, tmp_path: Path, qapp: QApplication) -> None:
    pages = write_sheet(tmp_path / "sheet.pdf", sheet)
    information = run("pdfinfo", tmp_path / "sheet.pdf")
    assert f"Pages:           {pages}" in information
    assert "(A4)" in information
    assert pages > 4


# -- what stands on it -----------------------------------------------------------------------------


def test_a_card_for_every_case(sheet: Sheet) -> None:
    keys = [card.key for card in sheet.cards.values()]
    assert {*Case, *ItemCase, *(seed.login for seed in STAFF), "old_card"} < set(keys)
    marks = [card.mark for section in sheet.sections for card in section.cards]
    assert len(keys) == len(marks) == len(set(marks)) == len(set(keys))


def test_every_word_can_be_filled_in(sheet: Sheet) -> None:
    said = [*sheet.before, *sheet.walk, *(section.intro for section in sheet.sections)]
    for card in sheet.cards.values():
        said += [card.heading, card.expect]
    assert not [words for words in said if "{" in words.format_map(sheet.fill)]


def test_limits_are_the_library_s_own(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("update loan_term set max_loans = 7 where loan_group = 'print'")
        connection.exec_driver_sql("update policy set overdue_block_days = 21")
        fill = training_sheet(connection, TODAY).fill
    assert (fill["print_limit"], fill["audio_limit"], fill["block_days"]) == ("7", "5", "21")


def test_records_without_isbn_make_a_sheet_without_one(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("update title set isbn = null")
    assert "isbn" not in training_sheet(engine, TODAY).cards


@pytest.mark.parametrize("missing", ["item", "card"])
def test_another_library_gets_no_sheet(engine: sa.Engine, sheet: Sheet, missing: str) -> None:
    lost = sheet.cards["book_a" if missing == "item" else "good"].number
    with engine.connect() as connection:
        connection.execute(
            sa.text(f"update {missing} set number = 'other' where number = :lost"), {"lost": lost}
        )
    with pytest.raises(NotTheTrainingLibrary):
        training_sheet(engine, TODAY)


# -- every line done -------------------------------------------------------------------------------


class Follower:
    """Reads cards in the order a line says, as a scanner that strips nothing would send them."""

    def __init__(self, connection: sa.Connection, sheet: Sheet) -> None:
        self._counter = Connected(connection)
        self._sheet = sheet
        self._visit = uuid4()
        self._patron = ""

    def follow(self, key: str) -> object:
        """What the last step of this card's line was answered."""
        answer: object = None
        for step in self._sheet.cards[key].steps:
            for read in step.keys:
                answer = self._read(step.task, read)
        return answer

    def _read(self, task: Task, key: str) -> object:
        card = self._sheet.cards[key]
        if task is Task.SIGN_IN:
            return sign_in(
                self._counter.connection,
                login=card.login,
                password=self._sheet.fill["password"],
                branch_code="sogo",
                terminal="1番窓口",
            )
        code = parse(bars(card.symbology, card.number).encoded, TRAINING_PLAN)
        if isinstance(code, PatronCode) and task is Task.CHECKOUT:
            self._patron = code.number
            return open_visit(self._counter, visit=self._visit, card_number=code.number, desk=HOME)
        if not isinstance(code, ItemCode):
            return code
        if task is Task.CHECKOUT:
            return check_out(
                self._counter,
                operation=uuid4(),
                visit=self._visit,
                card_number=self._patron,
                item_number=code.number,
                desk=HOME,
            )
        act = check_in if task is Task.RETURN else renew
        return act(self._counter, operation=uuid4(), item_number=code.number, desk=HOME)


def seen(answer: object) -> Outcome:
    """How an answer ends, as the sheet has it."""
    match answer:
        case Refused(refusal=Refusal.ON_LOAN_TO_PATRON):
            return Outcome.NOTICE
        case VisitOpened():
            patron = answer.patron
            news = answer.overdue_days or patron.note or patron.ready_reservations
            return Outcome.NOTICE if news else Outcome.DONE
        case CheckedOut():
            return Outcome.NOTICE if answer.notices else Outcome.DONE
        case CheckedIn():
            news = answer.notices or answer.route is not Route.SHELF
            return Outcome.NOTICE if news else Outcome.DONE
        case Renewed():
            return Outcome.DONE
        case SignedIn():
            # the training library has the counter's pages alone
            return Outcome.DONE if may(answer.role, Permission.LEND) else Outcome.REFUSED
        case _:
            return Outcome.REFUSED


REFUSALS = {
    "at_print_limit": Refusal.OVER_LIMIT,
    "at_audio_limit": Refusal.OVER_LIMIT,
    "at_video_limit": Refusal.OVER_LIMIT,
    "overdue_31": Refusal.OVERDUE_BLOCK,
    "idle_card": Refusal.CARD_IDLE,
    "old_card": Refusal.CARD_LOST,
    "book_b": Refusal.ON_LOAN_TO_PATRON,
    "reference": Refusal.REFERENCE_ONLY,
    "ready_for_patron": Refusal.RESERVED,
    "on_loan": Refusal.ON_LOAN_TO_OTHER,
    "renewed": Refusal.RENEWED_ALREADY,
    "renewal_reserved": Refusal.RESERVED,
    "borrowed_elsewhere": Refusal.BORROWED_ELSEWHERE,
    "unknown_item": Refusal.UNKNOWN_ITEM,
    "unknown_card": Refusal.UNKNOWN_CARD,
}


def test_every_line_ends_as_it_says(pristine: Path, tmp_path: Path) -> None:
    first = make_engine(embedded_url(pristine), CLOCK)
    sheet = training_sheet(first, TODAY)
    first.dispose()
    said, done, refusals = {}, {}, {}
    for card in sheet.cards.values():
        copy = tmp_path / f"{card.key}.db"
        shutil.copyfile(pristine, copy)
        engine = make_engine(embedded_url(copy), CLOCK)
        with engine.connect() as connection:
            answer = Follower(connection, sheet).follow(card.key)
        engine.dispose()
        said[card.key], done[card.key] = card.outcome, seen(answer)
        if isinstance(answer, Refused):
            refusals[card.key] = answer.refusal
    assert done == said
    assert refusals == REFUSALS


def test_each_trouble_has_an_answer_of_its_own(engine: sa.Engine, sheet: Sheet) -> None:
    def told_apart(answer: object) -> object:
        match answer:
            case Unknown(reason=reason):
                return reason
            case Refused(refusal=refusal):
                return refusal
            case _:
                return type(answer)

    with engine.connect() as connection:
        follower = Follower(connection, sheet)
        troubles = {card.key: told_apart(follower.follow(card.key)) for card in sheet.sections[-1].cards}
    assert len(troubles) == len(set(troubles.values())) == 9
    assert (troubles["isbn"], troubles["card_for_item"]) == (Isbn, PatronCode)


# -- where it cannot be written --------------------------------------------------------------------


def test_a_folder_that_is_not_there(sheet: Sheet, tmp_path: Path, qapp: QApplication) -> None:
    with pytest.raises(OSError, match=r"書き込めません。その場所がありません。$"):
        write_sheet(tmp_path / "nowhere" / "sheet.pdf", sheet)


def test_a_folder_in_its_place(sheet: Sheet, tmp_path: Path, qapp: QApplication) -> None:
    (tmp_path / "sheet.pdf").mkdir()
    with pytest.raises(OSError, match=r"同じ名前のフォルダーがあります。$"):
        write_sheet(tmp_path / "sheet.pdf", sheet)
    assert [path.name for path in tmp_path.iterdir() if "sheet" in path.name] == ["sheet.pdf"]


def test_what_stood_there_stays_when_it_fails(sheet: Sheet, tmp_path: Path, qapp: QApplication) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(b"earlier")
    section = sheet.sections[0]
    broken = replace(section, cards=(replace(section.cards[0], number="職員"),))
    with pytest.raises(UnprintableCode):
        write_sheet(path, replace(sheet, sections=(broken,)))
    assert path.read_bytes() == b"earlier"
    assert write_sheet(path, sheet) > 0
    assert path.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir() if "sheet" in path.name] == ["sheet.pdf"]


def test_an_empty_library_gets_no_sheet(tmp_path: Path) -> None:
    engine = make_engine(embedded_url(tmp_path / "empty.db"), CLOCK)
    schema.upgrade(engine)
    with pytest.raises(NotTheTrainingLibrary):
        training_sheet(engine, TODAY)
    engine.dispose()
