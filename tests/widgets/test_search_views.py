"""What the search, a reservation and a quick-add say: each answer its own words, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from madoguchi.app.catalogue.adding import AddRefusal, ItemAdded, NotAdded
from madoguchi.app.catalogue.fetched import Reason
from madoguchi.app.catalogue.new_item import ItemField, ItemProblem
from madoguchi.app.catalogue.search import Branch, Copy, Found, Place, TitleCard, TitleFound, Waiting
from madoguchi.app.lending.answers import ItemShown, Refused, Reserved
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.app.lending.rules import Refusal
from madoguchi.widgets import add_form, reserve_form
from madoguchi.widgets import search_views as views
from madoguchi.widgets.application import install_language
from madoguchi.widgets.look.record_views import LineKind, Mark
from madoguchi.widgets.look.views import Sign, StripView, Tone

DUE = dt.date(2026, 12, 5)
JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
ITEM = ItemShown("1000000016", "A Book", "Soseki Natsume", MaterialKind.BOOK)

TITLE = TitleFound(7, "こころ", "上", "夏目 漱石", "岩波書店", 1914, MaterialKind.BOOK, 4, 1, 3, 2)
COPY = Copy("1000000016", MaterialKind.BOOK, "総合", Place.SHELF, "総合", None, False, "", True)
LENT = replace(COPY, place=Place.LENT, at="", due_on=DUE, here=False)
CARD = TitleCard(
    7, "こころ", "ココロ", "上", "漱石全集", "夏目 漱石 著", "岩波書店", 1914, "初版", "300p",
    "9784101010137", "913.6", (COPY,), (),
)  # fmt: skip


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """Each of the languages in turn."""
    if request.param == "en":
        install_language(qapp, "en")
    yield request.param
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def assert_said(language: str, *texts: str) -> None:
    """Whole words in that language, each its own, with nothing left to fill in."""
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert text.strip() == text != "", repr(text)
        assert not re.search(r"[{}]|None", text), text
        assert bool(JAPANESE.search(text)) is (language == "ja"), text


def words_of(strip: StripView) -> list[str]:
    return [part for part in (strip.word, strip.right, strip.side_first, strip.side_second) if part]


# What was found ---------------------------------------------------------------------------------------


def test_an_empty_table_says_what_holds(language: str) -> None:
    empties = [
        views.results(None, asked=False, line_up=True).empty,
        views.results(None, asked=True, line_up=True).empty,
        views.results(Found(), asked=True, line_up=True).empty,
        views.results(None, asked=True, line_up=False).empty,
    ]
    assert_said(language, *empties)


def test_of_more_titles_than_are_shown_it_says_so() -> None:
    few, many = (views.results(Found((TITLE,), more), asked=True, line_up=True) for more in (False, True))
    assert (few.count, many.count) == ("", "50件以上")
    assert "Enter で予約" in few.note
    assert "先頭の50件" in many.note


def test_a_title_is_a_row_with_its_numbers() -> None:
    table = views.results(Found((TITLE,)), asked=True, line_up=True)
    assert [column.title for column in table.columns if column.number] == ["年", "この館", "在架", "予約"]
    assert table.records[0].key == "7"
    assert table.records[0].cells == ("こころ", "上", "夏目 漱石", "岩波書店", "1914", "1", "3/4", "2")


@pytest.mark.parametrize(
    ("changes", "mark", "quiet"),
    [
        ({}, Mark.GOOD, False),
        ({"here": 0}, Mark.NONE, False),
        ({"here": 0, "on_shelf": 0}, Mark.OFF, False),
        ({"here": 0, "on_shelf": 0, "copies": 0}, Mark.OFF, True),
    ],
)
def test_whether_one_can_be_had_is_its_sign(changes: dict[str, int], mark: Mark, quiet: bool) -> None:
    title = replace(TITLE, year=None, waiting=0, **changes)
    (record,) = views.results(Found((title,)), asked=True, line_up=True).records
    assert (record.mark, record.quiet) == (mark, quiet)
    assert (record.cells[4], record.cells[-1]) == ("", "")


# One title --------------------------------------------------------------------------------------------


def test_a_title_is_told_with_what_is_known_of_it() -> None:
    view = views.title_view(CARD)
    assert (view.title, view.kana) == ("こころ 上", "ココロ")
    assert view.facts == (
        "夏目 漱石 著",
        "岩波書店 1914 初版",
        "漱石全集",
        "300p",
        "分類 913.6  ISBN 9784101010137",
    )
    bare = replace(CARD, volume="", creators="", publisher="", year=None, edition="", series="", extent="")
    assert views.title_view(replace(bare, isbn="", ndc="")).facts == ()
    assert views.title_view(replace(bare, isbn="")).facts == ("分類 913.6",)


@pytest.mark.parametrize(
    ("copy", "line"),
    [
        (COPY, (Sign.DONE, "総合", "在架")),
        (replace(COPY, here=False), (Sign.TO_OPEN_SHELF, "総合", "在架")),
        (replace(COPY, reference_only=True), (Sign.DONE, "総合", "在架（禁帯出）")),
        (LENT, (Sign.PENDING, "総合", "貸出中 12/5(土)まで")),
        (replace(LENT, due_on=None), (Sign.PENDING, "総合", "貸出中")),
        (replace(COPY, place=Place.RESERVATION_SHELF, at="南"), (Sign.TO_RESERVATION_SHELF, "南", "取置中")),
        (replace(COPY, place=Place.TRANSIT, at="南"), (Sign.TO_TRANSIT, "南", "へ配送中")),
        (replace(COPY, place=Place.MISSING, here=False), (Sign.NOTICE, "総合", "所在不明")),
    ],
)
def test_where_a_copy_is(copy: Copy, line: tuple[Sign, str, str]) -> None:
    (told,) = views.title_view(replace(CARD, copies=(copy,))).copies
    assert (told.sign, told.branch, told.state) == line


def test_copies_alike_are_one_line() -> None:
    elsewhere = replace(COPY, home="南", at="南", here=False)
    later = replace(LENT, due_on=DUE + dt.timedelta(days=1))
    copies = (COPY, COPY, LENT, later, elsewhere, elsewhere, elsewhere)
    view = views.title_view(replace(CARD, copies=copies))
    assert [(copy.branch, copy.state) for copy in view.copies] == [
        ("総合", "在架 ×2"),
        ("総合", "貸出中 12/5(土)まで"),
        ("総合", "貸出中 12/6(日)まで"),
        ("南", "在架 ×3"),
    ]
    assert view.short == "この館 2・在架 5・所蔵 7・予約 0"


def test_the_queue_is_a_number_for_each_branch_and_nobody_is_in_it() -> None:
    assert views.title_view(CARD).queue == ""
    waiting = (Waiting("総合市民図書館", 2), Waiting("南市民図書館", 1))
    view = views.title_view(replace(CARD, waiting=waiting))
    assert view.queue == "予約 3人（総合市民図書館 2人、南市民図書館 1人）"
    assert view.short.endswith("予約 3")


def test_every_place_has_words(language: str) -> None:
    lines = [
        views.title_view(replace(CARD, copies=(replace(LENT, place=place, home="x", at="x"),))).copies[0]
        for place in Place
    ]
    assert_said(language, *(line.state for line in lines))
    assert len({line.sign for line in lines}) == len(Place)


def test_the_strips_of_the_search(language: str) -> None:
    strips = [views.idle_strip(), views.not_here_strip("90000015"), views.not_found_strip("9784101010137")]
    assert_said(language, *(strip.word for strip in strips), strips[2].side_first)
    assert [strip.title for strip in strips[1:]] == ["90000015", "9784101010137"]
    assert_said(language, views.title_hint())


# A reservation ----------------------------------------------------------------------------------------


def test_the_form_of_a_reservation_offers_the_branch_that_asks() -> None:
    view = reserve_form.form("こころ", "2000000017", (Branch(1, "総合"), Branch(2, "南")), 2)
    card, pickup = view.lines
    assert view.note == "こころ"
    assert (card.kind, card.value, card.required) == (LineKind.NUMBER, "2000000017", True)
    assert (pickup.value, pickup.choices) == ("2", (("1", "総合"), ("2", "南")))


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_of_a_reservation_has_a_sentence(language: str, refusal: Refusal) -> None:
    answer = Refused(refusal, due_on=DUE, waiting=2, limit=10)
    for line in reserve_form.refused(answer).splitlines():
        assert_said(language, line)
    strip = reserve_form.refused_strip(answer, "1984")
    assert (strip.tone, strip.title) == (Tone.REFUSED, "1984")
    assert_said(language, *words_of(strip))
    assert reserve_form.refused(Refused(refusal)) != ""


def test_what_else_is_said_of_a_reservation(language: str) -> None:
    view = reserve_form.form("1984", "", (), 1)
    said = [view.heading, view.submit, *(line.label for line in view.lines), view.lines[0].hint]
    said += [reserve_form.card_needed(), reserve_form.fault(), *reserve_form.outage().splitlines()]
    assert_said(language, *said)
    answer = Reserved(uuid4(), "1984", None, "1", 3, in_stock=True)
    strip = reserve_form.reserved_strip(answer)
    assert (strip.tone, strip.title) == (Tone.DONE, "1984")
    assert "3" in strip.right
    assert_said(language, *words_of(strip))
    assert reserve_form.reserved_strip(replace(answer, in_stock=False)).side_second == ""


# A quick-add ------------------------------------------------------------------------------------------


def test_the_form_of_a_quick_add_has_its_fields_and_what_is_known() -> None:
    known = {"item_number": "1000000016", "kind": "cd", "title": "こころ"}
    lines = {line.key: line for line in add_form.form(known, can_fetch=True).lines}
    assert {key: line.value for key, line in lines.items() if line.value} == known
    assert {key for key, line in lines.items() if line.required} == {"item_number", "title"}
    assert [key for key, _ in lines["kind"].choices] == [kind.value for kind in MaterialKind]
    assert set(lines) <= {field.value for field in ItemField}
    empty = add_form.form({}, can_fetch=False)
    assert [line.value for line in empty.lines if line.value] == ["book"]
    assert "国立国会図書館" in lines["isbn"].hint
    assert "国立国会図書館" not in {line.key: line for line in empty.lines}["isbn"].hint


def test_every_word_of_the_form_is_there(language: str) -> None:
    view = add_form.form({}, can_fetch=True)
    foreign = {"ISBN", "CD", "DVD"}
    words = [line.label for line in view.lines] + [word for _, word in view.lines[-1].choices]
    words += [view.heading, view.note, view.submit, *(line.hint for line in view.lines if line.hint)]
    assert_said(language, *(word for word in words if word not in foreign))
    question = add_form.same_title_line(7, "")
    assert [key for key, _ in question.choices] == ["7", add_form.NEW]
    said = [question.label, *(word for _, word in question.choices), add_form.same_title_message()]
    assert_said(language, *said, add_form.fault(), *add_form.outage().splitlines())


def test_every_problem_has_a_sentence_of_what_is_right(language: str) -> None:
    said = [add_form.errors({ItemField.TITLE: problem})["title"] for problem in ItemProblem]
    assert_said(language, *said)


def test_every_refusal_of_a_quick_add_has_a_sentence(language: str) -> None:
    said = [add_form.not_added(NotAdded(refusal, ITEM)) for refusal in AddRefusal]
    assert_said(language, *said)
    assert said[list(AddRefusal).index(AddRefusal.ITEM_KNOWN)].endswith(ITEM.title)
    assert add_form.not_added(NotAdded(AddRefusal.ITEM_KNOWN)) != ""
    strip = add_form.not_added_strip(said[0], "1000000016")
    assert (strip.tone, strip.title) == (Tone.REFUSED, said[0])
    assert_said(language, strip.word)


def test_every_reason_why_nothing_was_fetched_has_words(language: str) -> None:
    strips = [add_form.not_fetched_strip(reason) for reason in Reason]
    assert {strip.tone for strip in strips} == {Tone.NOTICE}
    assert_said(language, *(strip.title for strip in strips))
    assert_said(language, strips[0].word, strips[0].side_first)


def test_what_became_of_it_is_said(language: str) -> None:
    added = [add_form.added_strip(ItemAdded(uuid4(), ITEM, 7, new_title=new)) for new in (True, False)]
    assert [strip.right for strip in added] == [ITEM.number] * 2
    assert added[0].side_first == ""
    strips = (
        add_form.fetching_strip("978"),
        add_form.fetched_strip("1984"),
        add_form.nothing_known_strip("978"),
    )
    assert [strip.tone for strip in strips] == [Tone.PENDING, Tone.DONE, Tone.NOTICE]
    said = [part for strip in strips for part in words_of(strip)]
    assert_said(language, added[0].word, added[1].side_first, *said)
