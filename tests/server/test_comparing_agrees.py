"""The central server compares two people as the program does, field by field."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.app.patrons.comparing import address_key, compare, keys_of, person_key, telephone_key
from madoguchi.app.server.engine import make_engine
from tests.support.cluster import Cluster


@pytest.fixture(scope="module")
def connection(cluster: Cluster, library_template: str) -> Iterator[sa.Connection]:
    cluster.create_database("comparing", template=library_template)
    with make_engine(cluster.url("comparing")).connect() as connection:
        yield connection


# as it is written, and whatever else somebody may paste; no surrogates, no zero
_ANY = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn"]), max_size=12)


def _made_of(parts: str | list[str], most: int = 12) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(list(parts)), max_size=most).map("".join)


_KANA = _made_of("アアイウエオオカガコゴッツヅナノハバパフヴヶーー・ ユュヰンみほ　ﾀﾞ") | _ANY
_NAMES = _made_of(["見本", "渡邊", "渡辺", "髙", "高", "花子", "ハナコ", " ", "　", "ー"], 5) | _ANY
_DATES = st.none() | st.dates(dt.date(1896, 1, 1), dt.date(2026, 5, 12))
_TELEPHONES = _made_of("0123444466-- （）０９") | _ANY
_PLACES = (
    "神奈川県 東京都 県 藤沢市 大字 石川 茅ヶ崎 茅ケ崎 一番町 三田 二 十 十二 丁目 番 番地 の 号"
    " 1 ２ - － ー ハイツ 〒251-0001 〇 北海道"
)
_ADDRESSES = _made_of([*_PLACES.split(), " "], 10) | _ANY
_PEOPLE = st.fixed_dictionaries(
    {"name": _NAMES, "kana": _KANA, "birth_date": _DATES, "telephone": _TELEPHONES, "address": _ADDRESSES}
)


@given(_KANA | _ANY, _TELEPHONES, _ADDRESSES)
@example("マサアキ オーノ", "０４６６（００）４３２１", "〒251-0001 神奈川県藤沢市大字石川十二丁目二十番一号")
@example("ァヶヰヱ", "", "東京都県県県一番町2")
def test_keys_are_alike(connection: sa.Connection, kana: str, telephone: str, address: str) -> None:
    said = connection.execute(
        sa.text("select person_key(:kana), telephone_key(:telephone), address_key(:address)"),
        {"kana": kana, "telephone": telephone, "address": address},
    ).one()
    assert tuple(said) == (person_key(kana), telephone_key(telephone), address_key(address))


_MATCH = sa.text(
    "select people_match(:name, :kana, :birth_date, :telephone, :address,"
    " :other_name, :other_kana, :other_birth_date, :other_telephone, :other_address)::text"
).bindparams(
    *(
        sa.bindparam(f"{whose}{name}", type_=sa.Date() if name == "birth_date" else sa.Text())
        for whose in ("", "other_")
        for name in ("name", "kana", "birth_date", "telephone", "address")
    )
)


@given(_PEOPLE, _PEOPLE)
def test_people_are_compared_alike(
    connection: sa.Connection, one: dict[str, object], other: dict[str, object]
) -> None:
    # as they are, and where one thing is the other's: what is equal is seldom drawn twice
    for name in (None, *one):
        both = other if name is None else other | {name: one[name]}
        said = connection.execute(_MATCH, one | {f"other_{key}": value for key, value in both.items()})
        expected = asdict(compare(keys_of(**one), keys_of(**both)))
        assert json.loads(said.scalar_one()) == {field: int(match) for field, match in expected.items()}


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2003, 12, 31)), st.dates(dt.date(2000, 1, 1), dt.date(2003, 12, 31))
)
def test_dates_of_birth_are_compared_alike(connection: sa.Connection, one: dt.date, other: dt.date) -> None:
    nobody = {"name": "", "kana": ""}
    expected = compare(keys_of(**nobody, birth_date=one), keys_of(**nobody, birth_date=other)).birth_match
    said = connection.execute(sa.select(sa.func.births_match(one, other, type_=sa.Integer))).scalar_one()
    assert said == expected
