"""The central server folds what is searched letter for letter as the program does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.app.catalogue.folding import (
    FIELD_END,
    LETTERS,
    SYLLABLES,
    VALUE_END,
    folded,
    folded_reading,
    pairs,
)
from madoguchi.app.catalogue.kanji_forms import KANJI
from madoguchi.app.catalogue.ndl import shipped_records
from madoguchi.app.server.engine import make_engine
from tests.support.cluster import Cluster


@pytest.fixture(scope="module")
def connection(cluster: Cluster, library_template: str) -> Iterator[sa.Connection]:
    cluster.create_database("folding", template=library_template)
    with make_engine(cluster.url("folding")).connect() as connection:
        yield connection


# what a title can hold: letters of Japanese, and whatever else somebody may paste; no surrogates, no zero
_JAPANESE = st.sampled_from(
    [
        *LETTERS,
        *KANJI,
        *(s for s, _ in SYLLABLES),
        *"ーｶﾞﾊﾟ゛゜ヿゟ々〆〇・　 !？（）Ⅳ㍻①ﾞ髙神Éß",
        "か\u3099",
        "ハ ワ エ ヘ",
    ]
)
_TEXTS = st.lists(_JAPANESE, max_size=30).map("".join) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn"]), max_size=40
)


def _on_server(connection: sa.Connection, name: str, text: str) -> object:
    return connection.execute(sa.text(f"select {name}(:text)"), {"text": text}).scalar_one()


@given(_TEXTS)
@example("ワガハイ ワ ネコ デ アル")
@example("ヴァヴィヴヴ")
def test_a_text_is_folded_alike(connection: sa.Connection, text: str) -> None:
    assert _on_server(connection, "search_folded", text) == folded(text)
    assert _on_server(connection, "search_reading", text) == folded_reading(text)


@given(st.text(st.sampled_from(["ア", "イ", "漢", "a", "1", FIELD_END, VALUE_END]), max_size=20))
def test_pairs_are_alike(connection: sa.Connection, searched: str) -> None:
    said = connection.execute(
        sa.text("select array_to_string(search_pairs(:text), ',')"), {"text": searched}
    ).scalar_one()
    assert sorted(set(said.split(",") if said else [])) == pairs(searched)


def test_the_real_records_are_folded_alike(connection: sa.Connection) -> None:
    for record in shipped_records().records:
        for text in (record.title, record.title_kana or "", *(creator.name for creator in record.creators)):
            assert _on_server(connection, "search_folded", text) == folded(text)
            assert _on_server(connection, "search_reading", text) == folded_reading(text)
