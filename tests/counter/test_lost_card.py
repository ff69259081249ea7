"""Lost cards, and patrons who are stopped: said by word, tone and sound wherever a card can be read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from madoguchi.app.server import tables as t
from madoguchi.widgets.look.views import Sign, Tone
from madoguchi.widgets.search_page import SEARCH
from madoguchi.widgets.sound_patterns import Family
from tests.counter.harness import Counter, CounterLibrary
from tests.counter.searching import form, open_reservation
from tests.support.library import TODAY, new_id

LOST = "2000009106"
CHECKOUT, CHECKIN, RENEWAL = 1, 2, 3


@pytest.fixture
def heard(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> list[Family]:
    """What sounded."""
    played: list[Family] = []
    monkeypatch.setattr(counter.application.player, "play", played.append)
    return played


def test_a_lost_card_is_refused_on_every_page(
    counter: Counter, library: CounterLibrary, heard: list[Family]
) -> None:
    library.patron(lost_card=LOST)
    library.item(title="深海の魚")
    # a return and a renewal take no card, whosever it is
    no_card = "利用者カードです"
    words = {CHECKOUT: "紛失届のあるカード", CHECKIN: no_card, RENEWAL: no_card, SEARCH: "紛失届のあるカード"}
    for page, word in words.items():
        counter.f(page)
        heard.clear()
        counter.scan(LOST)
        counter.until(lambda: Family.REFUSED in heard)
        assert (counter.strip().word, counter.strip().tone) == (word, Tone.REFUSED)
    heard.clear()
    open_reservation(counter, "深海", "深海の魚")
    counter.scan(LOST)
    counter.until(lambda: form(counter).values()["card"] == LOST)
    counter.f(10)
    counter.until(lambda: Family.REFUSED in heard)
    assert (counter.strip().word, counter.strip().tone) == ("紛失届のあるカード", Tone.REFUSED)
    assert library.rows(sa.select(t.reservation)) == []


def test_a_card_that_is_reported_lost_meanwhile_lends_no_more(
    counter: Counter, library: CounterLibrary, heard: list[Family]
) -> None:
    card = library.patron()
    counter.open_visit(card)
    assert counter.scan_and_wait(library.item()).sign is Sign.DONE
    with library.engine.connect() as connection:
        connection.execute(t.card.update().values(state="lost"))
    heard.clear()
    row = counter.scan_and_wait(library.item())
    assert (row.sign, row.state) == (Sign.REFUSED, "紛失届のあるカード")
    assert Family.REFUSED in heard
    assert library.value(sa.select(sa.func.count()).select_from(t.loan)) == 1


def test_a_patron_who_is_stopped_is_so_in_word_and_mark_and_a_reason_lends(
    counter: Counter, library: CounterLibrary, heard: list[Family]
) -> None:
    card = library.patron()
    with library.engine.connect() as connection:
        connection.execute(
            t.patron_note.insert().values(
                id=new_id(), patron_id=library.id_of_patron(card), text="弁償の相談中", blocks=True,
                login="clerk", made_on=TODAY,
            )
        )  # fmt: skip
    counter.scan(card)
    counter.until(lambda: counter.strip().word == "利用停止・職員メモあり")
    assert counter.strip().tone is Tone.NOTICE
    assert "利用停止" in counter.left_text()
    assert "弁償の相談中" in counter.left_text()
    row = counter.scan_and_wait(library.item())
    assert (row.sign, row.state) == (Sign.REFUSED, "利用停止")
    assert Family.REFUSED in heard
    counter.f(10)
    question = counter.window.frame.question.view()
    assert question is not None
    assert question.unusual is not None
    assert "来館中" in question.unusual.detail
