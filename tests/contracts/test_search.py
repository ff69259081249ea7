"""Search on both databases: what is found by what, in which order, and what is said of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from madoguchi.app.catalogue.look_up import branches, open_title, search
from madoguchi.app.catalogue.search import Found, Place, TitleQuery
from madoguchi.app.server import tables as t
from madoguchi.app.server.gateway import LendingServer
from madoguchi.app.server.search_index import rebuild
from tests.support.library import MINAMI, TODAY, SmallLibrary

_FIELDS = ("title", "title_kana", "volume", "statement", "publisher", "series", "year", "isbn", "ndc")

TITLES = """
kokoro|こころ|ココロ||夏目漱石|新潮社||2004|9784101010137|913.6
neko|吾輩は猫である|ワガハイ ワ ネコ デ アル||夏目漱石|岩波書店||1990|9784003101018|913.6
potter|ハリー・ポッターと賢者の石|ハリー ポッター ト ケンジャ ノ イシ|上|J.K.ローリング 著|静山社||1999||933.7
takahashi|日本語の学校|ニホンゴ ノ ガッコウ||髙橋源一郎|講談社|岩波新書|2015||810
kokugo|國語學大辭典|コクゴガク ダイジテン||国語学会|東京堂出版||1980||810.33
conan 12|名探偵コナン|メイタンテイ コナン|12|青山剛昌|小学館||1996||726.1
conan 112|名探偵コナン|メイタンテイ コナン|112|青山剛昌|小学館||2025||726.1
computer|コンピューター入門|コンピュータ ニュウモン||山田太郎|技術社||2020||007
miserables|Les Misérables|||Victor Hugo|Gallimard||1951||
violin|ヴァイオリンの本|ヴァイオリン ノ ホン||佐藤 花|||2001||
1984|1984年|センキュウヒャクハチジュウヨネン||オーウェル|||1972||
"""


def _titles() -> dict[str, dict[str, object]]:
    found = {}
    for line in TITLES.strip().splitlines():
        name, *values = line.split("|")
        title: dict[str, object] = dict(zip(_FIELDS, values, strict=True))
        found[name] = title | {"year": int(title["year"]), "isbn": title["isbn"] or None}
    return found


@pytest.fixture
def ids(library: SmallLibrary) -> dict[str, int]:
    """The titles are there, each with its creators."""
    made = {}
    with library.engine.connect() as connection:
        for place, (name, title) in enumerate(_titles().items(), start=101):
            connection.execute(t.title.insert().values(id=place, **title))
            made[name] = place
        for name in ("kokoro", "neko"):
            creator = {"position": 1, "name": "夏目 漱石", "reading": "ナツメ ソウセキ"}
            connection.execute(t.title_creator.insert().values(title_id=made[name], **creator))
    return made


def _names(found: Found, ids: dict[str, int]) -> list[str]:
    by_id = {title_id: name for name, title_id in ids.items()}
    return [by_id[title.title_id] for title in found.titles]


def _search(server: LendingServer, library: SmallLibrary, **query: str) -> Found:
    return server.run(lambda connected: search(connected, query=TitleQuery(**query), desk=library.desk()))


BY_THE_ONE_BOX: dict[str, list[str]] = {
    # two letters of kana, of either kind, find kanji, and kanji find kana
    "ここ": ["kokoro"],
    "コク": ["kokugo"],
    "ﾈｺ": ["neko"],
    "猫": ["neko"],
    "吾輩": ["neko"],
    # as it is written, as it sounds
    "わがはいはねこ": ["neko"],
    "わがはいわねこ": ["neko"],
    # marks, spaces, long vowels
    "ハリーポッター": ["potter"],
    "はりーぽったーと けんじゃ": ["potter"],
    "コンピュータ": ["computer"],
    "ばいおりん": ["violin"],
    # old and new forms, variants of names
    "国語学": ["kokugo"],
    "高橋": ["takahashi"],
    "日本語の學校": ["takahashi"],
    # accents and capitals
    "MISERABLES": ["miserables"],
    # creators and readings, publishers, series, with a title's word beside
    "なつめ": ["kokoro", "neko"],
    "漱石 こころ": ["kokoro"],
    "岩波": ["takahashi", "neko"],
    "hugo": ["miserables"],
    # a volume that is the word itself goes first
    "コナン 12": ["conan 12", "conan 112"],
    "コナン": ["conan 112", "conan 12"],
    # numbers: ISBN in either form, from its beginning; a class after what is so called
    "978-4-10-101013-7": ["kokoro"],
    "4101010137": ["kokoro"],
    "９７８４００３１": ["neko"],
    "810": ["takahashi", "kokugo"],
    "726.1": ["conan 112", "conan 12"],
    "1984": ["1984"],
    # one letter: what begins with it
    "コ": ["computer", "kokoro", "kokugo"],
    "名": ["conan 112", "conan 12"],
    # nothing, marks alone, what is not there
    "": [],
    "・・・！": [],
    "ペンギン": [],
    "夏目 岩波新書": [],
}


def test_what_is_found_by_the_one_box(
    library: SmallLibrary, server: LendingServer, ids: dict[str, int]
) -> None:
    found = {typed: _names(_search(server, library, anywhere=typed), ids) for typed in BY_THE_ONE_BOX}
    assert found == BY_THE_ONE_BOX


BY_FIELDS: list[tuple[dict[str, str], list[str]]] = [
    ({"title": "岩波"}, []),
    ({"publisher": "岩波"}, ["neko"]),
    ({"series": "いわなみ"}, []),
    ({"series": "岩波"}, ["takahashi"]),
    ({"creator": "夏目"}, ["kokoro", "neko"]),
    ({"creator": "ソウセキ", "title": "ねこ"}, ["neko"]),
    ({"title": "上"}, ["potter"]),
    ({"title": "ぽったー 上"}, ["potter"]),
    ({"ndc": "91"}, ["kokoro", "neko"]),
    ({"ndc": "81", "title": "日本"}, ["takahashi"]),
    ({"ndc": "９１３"}, ["kokoro", "neko"]),
    ({"isbn": "4101010137"}, ["kokoro"]),
    ({"isbn": "978400"}, ["neko"]),
    ({"isbn": "978400", "ndc": "7"}, []),
    ({"anywhere": "漱石", "ndc": "913", "publisher": "新潮"}, ["kokoro"]),
]


def test_what_is_found_by_fields(library: SmallLibrary, server: LendingServer, ids: dict[str, int]) -> None:
    found = [(query, _names(_search(server, library, **query), ids)) for query, _ in BY_FIELDS]
    assert found == BY_FIELDS


def test_a_title_follows_what_is_changed_about_it(
    library: SmallLibrary, server: LendingServer, ids: dict[str, int]
) -> None:
    with library.engine.connect() as connection:
        connection.execute(
            t.title.update().where(t.title.c.id == ids["kokoro"]).values(title="道草", title_kana="ミチクサ")
        )
        connection.execute(t.title_creator.delete().where(t.title_creator.c.title_id == ids["neko"]))
        connection.execute(t.title.delete().where(t.title.c.id == ids["violin"]))
    assert _names(_search(server, library, anywhere="こころ"), ids) == []
    assert _names(_search(server, library, anywhere="みち"), ids) == ["kokoro"]
    assert _names(_search(server, library, anywhere="ソウセキ"), ids) == ["kokoro"]
    assert _names(_search(server, library, anywhere="バイオ"), ids) == []
    with library.engine.connect() as connection:
        connection.execute(
            t.title_creator.update()
            .where(t.title_creator.c.title_id == ids["kokoro"])
            .values(name="金之助", reading="キンノスケ")
        )
    assert _names(_search(server, library, anywhere="きんの"), ids) == ["kokoro"]


def test_of_many_the_first_fifty_come(library: SmallLibrary, server: LendingServer) -> None:
    with library.engine.connect() as connection:
        connection.execute(
            t.title.insert(),
            [
                {"id": n, "title": f"海の本 {n}", "title_kana": "ウミ ノ ホン", "year": 1900 + n}
                for n in range(1, 61)
            ]
            # what only holds the word comes after all that begin with it
            + [{"id": 61, "title": "夏の海の本", "title_kana": "ナツ ノ ウミ ノ ホン", "year": 2000}],
        )
    found = _search(server, library, anywhere="海の")
    assert found.more
    assert [title.title_id for title in found.titles] == list(range(60, 10, -1))
    assert not _search(server, library, anywhere="海の本 5").more
    assert 61 in [title.title_id for title in _search(server, library, anywhere="夏の").titles]


def test_where_each_copy_is_and_who_waits_by_number(
    library: SmallLibrary, server: LendingServer, ids: dict[str, int]
) -> None:
    title_id = ids["kokoro"]
    shelf, lent, trapped, sent = (library.item(title_id=title_id) for _ in range(4))
    away = library.item(title_id=title_id, home_branch_id=MINAMI)
    reference = library.item(title_id=title_id, reference_only=True)
    library.lent(library.patron(), lent, due_on=TODAY)
    library.reserved(library.patron(), shelf, pickup_branch_id=MINAMI)
    library.reserved(
        library.patron(), shelf, state="ready", trapped_item_id=library.id_of_item(trapped), keep_until=TODAY
    )
    with library.engine.connect() as connection:
        connection.execute(
            t.transit.insert().values(item_id=library.id_of_item(sent), to_branch_id=MINAMI, since=TODAY)
        )
    (found,) = _search(server, library, anywhere="ここ").titles
    assert (found.copies, found.here, found.on_shelf, found.waiting) == (6, 2, 3, 1)
    card = server.run(lambda connected: open_title(connected, title_id=title_id, desk=library.desk()))
    assert card is not None
    assert (card.title, card.isbn, card.year) == ("こころ", "9784101010137", 2004)
    places = {copy.number: (copy.place, copy.here) for copy in card.copies}
    assert places == {
        shelf: (Place.SHELF, True),
        lent: (Place.LENT, False),
        trapped: (Place.RESERVATION_SHELF, False),
        sent: (Place.TRANSIT, False),
        away: (Place.SHELF, False),
        reference: (Place.SHELF, True),
    }
    assert [copy.number for copy in card.copies][-1] == away, "this branch's own come first"
    assert {copy.due_on for copy in card.copies} == {None, TODAY}
    assert [(each.branch, each.count) for each in card.waiting] == [("南市民図書館", 1)]
    by_item = _search(server, library, item_number=lent)
    assert [title.title_id for title in by_item.titles] == [title_id]
    assert [title.title_id for title in _search(server, library, anywhere=lent).titles] == [title_id]


def test_an_items_number_that_could_be_an_isbn_is_the_items(
    library: SmallLibrary, server: LendingServer, ids: dict[str, int]
) -> None:
    number = "4101010137"
    with library.engine.connect() as connection:
        own = t.item.c.number == library.item(title_id=ids["neko"])
        connection.execute(t.item.update().where(own).values(number=number))
    assert sorted(_names(_search(server, library, anywhere=number), ids)) == ["kokoro", "neko"]
    assert _names(_search(server, library, item_number=number), ids) == ["neko"]


def test_a_title_that_is_gone_is_none(library: SmallLibrary, server: LendingServer) -> None:
    assert server.run(lambda connected: open_title(connected, title_id=999, desk=library.desk())) is None


_ODD = ["'; drop table title; --", '"', "%", "_", "\\", "(", "a" * 5000, "語" * 5000, "\x00あい", "\ud800あ"]


@pytest.mark.parametrize("typed", _ODD)
def test_whatever_is_typed_is_only_looked_for(
    library: SmallLibrary, server: LendingServer, typed: str
) -> None:
    for field in ("anywhere", "title", "creator", "publisher", "series", "ndc", "isbn", "item_number"):
        assert _search(server, library, **{field: typed}).titles == ()
    assert library.value(sa.select(sa.func.count()).select_from(t.title)) == 0


def test_an_index_made_anew_finds_the_same(
    library: SmallLibrary, server: LendingServer, ids: dict[str, int]
) -> None:
    with library.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("begin")
        if not library.on_postgresql:
            # one that lacks what it should hold is mended, too
            connection.exec_driver_sql("insert into title_pairs (title_pairs) values ('delete-all')")
        rebuild(connection)
        connection.exec_driver_sql("commit")
    found = {typed: _names(_search(server, library, anywhere=typed), ids) for typed in BY_THE_ONE_BOX}
    assert found == BY_THE_ONE_BOX
    with library.engine.connect() as connection:
        kokoro = t.title.c.id == ids["kokoro"]
        connection.execute(t.title.update().where(kokoro).values(title_kana="ミチクサ"))
    assert _names(_search(server, library, anywhere="みちく"), ids) == ["kokoro"]
    indexes = {index["name"] for index in sa.inspect(library.engine).get_indexes("title_search")}
    assert indexes >= {index.name for index in t.title_search.indexes}


def test_the_branches_are_known_by_name(library: SmallLibrary, server: LendingServer) -> None:
    found = server.run(lambda connected: branches(connected, desk=library.desk()))
    assert [branch.name for branch in found[:2]] == ["総合市民図書館", "南市民図書館"]
    assert [branch.branch_id for branch in found] == sorted(branch.branch_id for branch in found)
