"""Search at the library's real size: typed in the real window, beside the search alone; index; relevance."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

import sqlalchemy as sa

from madoguchi.app.catalogue.look_up import search
from madoguchi.app.catalogue.search import TitleQuery
from madoguchi.app.server.search_index import rebuild
from tests.bench.figures import Figure, Goal, Limit, number, spread
from tests.bench.ground import POSTGRESQL, SQLITE, Child, Ground, environment
from tests.bench.made import MadeLibrary, made_library
from tests.bench.questions import ISBN, Question, Questions
from tests.bench.relevance import AMONG, KNOWN, place_of
from tests.bench.search_window import BETWEEN_KEYS_MS

GOAL_MS = 120.0
_ONE = "one letter"
_MIB = 2.0**20

# bytes by name: rows, their indexes, the index of pairs
_POSTGRESQL_SIZES = """
select 'title_search', pg_table_size('title_search')
union all select indexrelid::regclass::text, pg_relation_size(indexrelid) from pg_index
where indrelid = 'title_search'::regclass
"""
_SQLITE_SIZES = """
select name, sum(pgsize) from dbstat where name in ('title_search', 'title_pairs') or name like 'title_pairs%'
or name in (select name from sqlite_master where tbl_name = 'title_search' and type = 'index') group by name
"""


def measure(ground: Ground) -> Iterator[Figure]:
    """Every figure of this section."""
    questions: list[Question] = []
    for on in (SQLITE, POSTGRESQL):
        library = made_library(ground, on)
        # the same library is on both
        questions = questions or Questions(library.engine, library.titles).drawn(ground.sizes.questions)
        yield from _window(ground, library, on, questions)
        yield from _relevance(library, on)
        yield from _index(library, on)


def _window(ground: Ground, library: MadeLibrary, on: str, questions: list[Question]) -> Iterator[Figure]:
    sizes = ground.sizes
    job = {
        "url": library.terminal_url().render_as_string(hide_password=False),
        "questions": [
            asdict(each) | {"slowly": len(each.text) > 2 and each.kind != ISBN} for each in questions
        ],
        "searches": sizes.searches,
        "scans": sizes.held_up,
        "disturbing": [
            each.text for each in questions if "each common" in each.kind or "two letters" in each.kind
        ],
    }
    child = Child("-m", "tests.bench.search_window", environment=environment(ground.screen()))
    try:
        child.tell(job)
        child.finish_telling()
        result: dict[str, Any] = child.answer()
    finally:
        child.end()
    on = f"{on}, {result['platform']}"
    held: dict[str, list[int]] = defaultdict(list)
    for each in questions:
        held[each.kind].append(each.titles)
    bare = result["bare"]
    for kind, times in result["typed"].items():
        limit = Limit("the search alone, median", spread(bare[kind])["median"])
        yield _typed(on, f"{kind} ({_range(held[kind])} titles hold it)", times, (limit,), kind)
    yield from _together(on, result["typed"], bare)
    if result["held back"]:
        held_back = result["held back"]
        what = f"of {ISBN}: the digit is held back until it is sure that no scanner types"
        yield Figure("search", on, what, "ms", len(held_back), spread(held_back))
    slowly = [taken for times in result["as people type"].values() for taken in times]
    what = f"three letters and more, typed a letter each {BETWEEN_KEYS_MS} ms"
    yield _typed(on, what, slowly, (), what)
    alone, meanwhile = result["scans"]["alone"], result["scans"]["while searching"]
    limit = Limit("of a scan while nothing is looked for, median", spread(alone["whole"])["median"])
    yield Figure(
        "search", on, "checkout: scan end to row painted, right after the last letter of a search", "ms",
        len(meanwhile["whole"]), spread(meanwhile["whole"]), (limit,),
    )  # fmt: skip
    yield Figure(
        "search", on, "checkout: the same while nothing is looked for", "ms", len(alone["whole"]),
        spread(alone["whole"]),
    )  # fmt: skip
    yield Figure(
        "search", on, "checkout: of the former, waiting for the search before it", "ms",
        len(meanwhile["waited"]), spread(meanwhile["waited"]),
    )  # fmt: skip


def _together(on: str, typed: dict[str, list[float]], bare: dict[str, list[float]]) -> Iterator[Figure]:
    def all_of(times: dict[str, list[float]]) -> list[float]:
        kinds = [kind for kind in times if kind != ISBN and not kind.startswith(_ONE)]
        return [taken for kind in kinds for taken in times[kind]]

    alone = spread(all_of(bare))
    limits = (Limit("the search alone, median", alone["median"]),)
    yield _typed(on, "two letters and more, all by an input method", all_of(typed), limits, "")
    yield Figure("search", on, "the search alone, two letters and more", "ms", len(all_of(bare)), alone)


def _typed(on: str, what: str, times: list[float], limits: tuple[Limit, ...], kind: str) -> Figure:
    values = spread(times)
    # of one letter no time was promised
    goal = Goal(f"p95 at most {number(GOAL_MS)} ms", values["p95"] <= GOAL_MS)
    promised = None if kind.startswith(_ONE) else goal
    return Figure("search", on, what, "ms", len(times), values, limits, promised)


def _range(titles: list[int]) -> str:
    least, most = min(titles), max(titles)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def _relevance(library: MadeLibrary, on: str) -> Iterator[Figure]:
    """The known questions, over the real records among all the others."""
    title_ids = library.title_ids()
    server = library.server(limit_seconds=30)
    places = []
    for known in KNOWN:
        query = TitleQuery(anywhere=known.typed)
        found = server.run(partial(search, query=query, desk=library.desk()))
        places.append(place_of(title_ids[known.ndl_id], found))
    server.close()
    missed = [
        known.typed for known, place in zip(KNOWN, places, strict=True) if place is None or place > AMONG
    ]
    values = {
        "among the first ten": float(len(KNOWN) - len(missed)),
        "first": float(sum(place == 1 for place in places)),
        "not among the first fifty": float(sum(place is None for place in places)),
    }
    what = f"known questions over {library.titles:,} titles" + (
        f"; missed: {', '.join(missed)}" if missed else ""
    )
    yield Figure("search", on, what, "questions", len(KNOWN), values)


def _index(library: MadeLibrary, on: str) -> Iterator[Figure]:
    postgresql = library.on_postgresql
    with library.engine.connect() as connection:
        run = connection.exec_driver_sql
        if postgresql:
            run("set statement_timeout = 0")
        run("begin" if postgresql else "begin immediate")
        begun = time.perf_counter()
        rebuild(connection)
        run("commit")
        seconds = time.perf_counter() - begun
        by_name = {row[0]: row[1] for row in run(_POSTGRESQL_SIZES if postgresql else _SQLITE_SIZES)}
        whole = run(
            "select pg_database_size(current_database())" if postgresql else "select sum(pgsize) from dbstat"
        ).scalar_one()
        titles = connection.execute(sa.text("select count(*) from title_search")).scalar_one()
    yield Figure("search", on, "index built anew", "titles a second", titles, {"": titles / seconds})
    yield Figure("search", on, "index built anew", "s", titles, {"": seconds})
    values = {"all": sum(by_name.values()) / _MIB, **{name: size / _MIB for name, size in by_name.items()}}
    limit = Limit("the whole library", whole / _MIB)
    yield Figure("search", on, "size of the index and of what is searched", "MiB", titles, values, (limit,))
