"""Finding patrons on the central server: the index finds whom reading everybody finds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from itertools import product

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.folding import folded
from madoguchi.app.server import tables as t
from madoguchi.app.server.search_index import LETTERS, without_letters
from madoguchi.app.synth.patrons import PATRON_COLUMNS, Patrons
from madoguchi.app.synth.words import shipped_words
from tests.support.cluster import Cluster
from tests.support.library import TODAY, SmallLibrary

ODD = (
    ("𠮷野 佐々木", "ヨシノ ササキ"),
    ("見", "ア"),
    ("ア アア", "イ"),
    ("Ａｎｎａ O'Neil-Ｂ", "アンナ オニール"),
    ("第2 読書会 No.12", "ダイ２ ドクショカイ"),
    ("亜" * 99, "ヴァ" * 50),
    ("ヤ ノ", "ヤ ノ"),
)
WORDS = (
    "ア", "イ", "ウ", "ヌ", "𠮷", "見", "a", "2", "ヨシ", "シノ", "ヤノ", "ノヤ", "𠮷野", "野佐", "no", "12",
    "バア", "アア", "亜亜", "亜亜亜", "ヨシノ", "ササキ", "コウジ", "ドクショカイ", "田中", "タナカ",
    "ンヌヌンヌ", "バ" * 99,
)  # fmt: skip

_BOTH = sa.text("""
    select w.words, to_jsonb(patrons_found(w.words, q.telephone, q.born, q.branches))::text, to_jsonb(array(
        select s.patron_id from patron_search s join patron p on p.id = s.patron_id
        where s.kana_key || chr(31) || s.name_key like all (w.patterns)
          and (q.telephone = '' or s.telephone_key like '%' || q.telephone)
          and (q.born is null or p.birth_date = q.born)
          and (q.branches is null or p.branch_id = any (q.branches))
        order by s.kana_key, s.patron_id limit 51))::text
    from (select string_to_array(line, ' ') as words,
                 string_to_array('%' || replace(line, ' ', '% %') || '%', ' ') as patterns
          from string_to_table(:lines, '|') line) w
    cross join (select telephone, born, cast(branches as smallint[]) as branches from (values
        ('', null, null), ('', null, '{1,3}'), (:telephone, null, null), ('', cast(:born as date), '{2}'),
        (:telephone, :born, null)) v (telephone, born, branches)) q
""")


@pytest.fixture
def database_template(library_template: str) -> str:
    """Each database begins as a small library."""
    return library_template


@pytest.fixture
def library(cluster: Cluster, database: str) -> Iterator[SmallLibrary]:
    """A small library on PostgreSQL."""
    made = SmallLibrary(cluster.url(database), cluster)
    yield made
    cluster.recover()
    made.close()


def test_the_index_finds_whom_reading_everybody_finds(library: SmallLibrary) -> None:
    rows = [
        dict(zip(PATRON_COLUMNS, row, strict=True))
        for row, _, _ in Patrons(shipped_words(), 600, 7, TODAY).rows()
    ]
    # branches 1 to 4 are those of a small library
    people = [row | {"branch_id": row["id"] % 3 + 1} for row in rows]
    born = people[5]["birth_date"]
    same = {"birth_date": born, "telephone": "0466-00-7788"}
    people += [
        people[0] | same | {"id": 1000 + place, "name": name, "kana": kana}
        for place, (name, kana) in enumerate(ODD)
    ]
    with library.engine.connect() as connection:
        connection.exec_driver_sql("set statement_timeout = 0")
        connection.exec_driver_sql("begin")
        with without_letters(connection):
            connection.execute(t.patron.insert(), people)
        connection.exec_driver_sql("commit")
        made = connection.exec_driver_sql(f"select indexdef from pg_indexes where indexname = '{LETTERS}'")
        assert "person_letters(kana_key, name_key)" in made.scalar_one()
        # one more, into the index that is there
        late = dict(
            people[-1], id=2000, name="後から 来た", kana="アトカラ キタ", birth_date=dt.date(1999, 9, 9)
        )
        connection.execute(t.patron.insert().values(late))
        words = sorted(set(map(folded, WORDS)) - {""})
        lines = [*words, *map(" ".join, product(words[::3], ("シ", "ヨシ", "ヤマ"))), "カラキ 後"]
        asked = {"lines": "|".join(lines), "telephone": "7788", "born": born}
        answers = connection.execute(_BOTH, asked).all()
    found = []
    for words_asked, by_index, by_reading in answers:
        assert by_index == by_reading, words_asked
        found.append(json.loads(by_index))
    assert sum(map(len, found)) > 500
    assert [2000] in found
