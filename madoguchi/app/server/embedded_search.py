"""Search in the embedded library: the same folding, the same pairs, an index of SQLite's own (FTS5).

Which titles are found, and in which order, is what ``search_plan`` says on the central server (migration
0006); ``tests/contracts/test_search.py`` holds the two together.
"""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from madoguchi.app.catalogue.folding import FIELD_END, VALUE_END, folded, folded_reading, pairs, wanted_pairs
from madoguchi.app.catalogue.search import SearchPlan

_BEGINNING: Final = 300
_HOLDING: Final = 1000
_RECHECK: Final = 20_000
_LAST: Final = "\U0010ffff"


class _Letters(dict[str, str]):
    """Each letter as a plain word."""

    def __missing__(self, letter: str) -> str:
        self[letter] = f"{ord(letter):x}"
        return self[letter]


_LETTERS: Final = _Letters()


def register(connection: sqlite3.Connection) -> None:
    """Gives a connection the functions that its triggers and searches call."""
    for name, count, function in (
        ("search_folded", 1, folded),
        ("search_reading", 1, folded_reading),
        ("search_pairs", 1, _terms),
        ("search_holds", 2, _holds),
        ("search_volume", 1, _volume),
    ):
        connection.create_function(name, count, function, deterministic=True)


def _terms(searched: str) -> str:
    """The pairs as words of plain letters: none is torn by the index's tokenizer, whatever it is made of."""
    return " ".join([_term(pair) for pair in pairs(searched)])


def _term(pair: str) -> str:
    return _LETTERS[pair[0]] + "g" + _LETTERS[pair[1]] if len(pair) > 1 else _LETTERS[pair]


@lru_cache(maxsize=64)
def _words(words: str) -> list[tuple[str, int]]:
    return [(word, field) for word, field in json.loads(words)]


def _holds(searched: str, words: str) -> bool:
    fields = searched.split(FIELD_END)
    return all(
        word in (searched if field == 0 else fields[field - 1] if field <= len(fields) else "")
        for word, field in _words(words)
    )


def _volume(searched: str) -> str:
    return searched.split(VALUE_END, maxsplit=2)[1]


_PLAN: Final = sa.text("""
with fits(title_id) as (
    select title_id from item where :item_number <> '' and number = :item_number
    union
    select title_id from (
        select title_id from title_search
        where :item_number = '' and :isbn <> '' and isbn >= :isbn and isbn < :isbn || :last limit 1000)
),
begins(title_id) as materialized (
    select title_id from (
        select title_id from title_search
        where :head <> '' and not :fitted and title_key >= :head and title_key < :head || :last
          and search_holds(searched, :words)
        order by title_key limit :beginning)
    union
    select title_id from (
        select title_id from title_search
        where :head <> '' and not :fitted and kana_key >= :head and kana_key < :head || :last
          and search_holds(searched, :words)
        order by kana_key limit :beginning)
),
chosen(title_id, how) as materialized (
    select title_id, 1 from begins
    union
    select title_id, 1 from (
        select s.title_id
        from (select rowid from title_pairs
              where :pairs <> '' and not :fitted and title_pairs match (
                  select case when :one and (select count(*) from begins) >= :most then '"-"' else :match end)
              limit :recheck) p
        cross join title_search s on s.title_id = p.rowid
        where search_holds(s.searched, :words)
          and (:ndc = '' or (s.ndc >= :ndc and s.ndc < :ndc || :last))
        limit :holding)
    union
    select s.title_id, 1 from fits cross join title_search s on s.title_id = fits.title_id
    where :fitted and search_holds(s.searched, :words)
    union
    select title_id, 0 from item where :number <> '' and number = :number
    union
    select title_id, 0 from (
        select title_id from title_search
        where :book <> '' and isbn >= :book and isbn < :book || :last order by isbn limit :beginning)
    union
    select title_id, 5 from (
        select title_id from title_search
        where :class_or_words <> '' and ndc >= :class_or_words and ndc < :class_or_words || :last
        order by ndc limit :beginning)
    union
    select title_id, 1 from (
        select title_id from title_search
        where :words = '[]' and not :fitted and :ndc <> '' and ndc >= :ndc and ndc < :ndc || :last
        order by ndc limit :beginning)
)
select s.title_id
from (select title_id, min(how) as how from chosen group by title_id) c
cross join title_search s on s.title_id = c.title_id
where (:item_number = '' or s.title_id in (select title_id from fits))
  and (:isbn = '' or (s.isbn >= :isbn and s.isbn < :isbn || :last))
  and (:ndc = '' or (s.ndc >= :ndc and s.ndc < :ndc || :last))
order by
    case when c.how <> 1 then c.how
         when :words = '[]' then 1
         when s.title_key in (select value from json_each(:keys))
           or s.kana_key in (select value from json_each(:keys)) then 1
         when :head <> '' and (substr(s.title_key, 1, length(:head)) = :head
                               or substr(s.kana_key, 1, length(:head)) = :head) then 2
         when search_holds(s.searched, :in_title) then 3
         else 4 end,
    case when search_volume(s.searched) in (select value from json_each(:plain)) then 0 else 1 end,
    s.year desc nulls last, s.title_id desc
limit :most
""")


def found_titles(connection: sa.Connection, plan: SearchPlan, most: int) -> list[int]:
    """The titles a plan finds, the best first, at most ``most``."""
    plain = [word for word, _ in plan.words]
    terms = sorted({_term(pair) for word in plain for pair in wanted_pairs(word)})
    values = {
        "head": plan.head,
        "number": plan.number,
        "book": plan.book,
        "class_or_words": plan.class_or_words,
        "isbn": plan.isbn,
        "ndc": plan.ndc,
        "item_number": plan.item_number,
        "fitted": bool(plan.item_number or plan.isbn),
        # where enough begin with the one word looked for, nothing that only holds it comes before them
        "one": len(plan.words) == 1 and not plan.ndc,
        "words": json.dumps([[word, int(field)] for word, field in plan.words], ensure_ascii=False),
        "in_title": json.dumps([[word, 1] for word in plain], ensure_ascii=False),
        "plain": json.dumps(plain, ensure_ascii=False),
        "keys": json.dumps([*plain, *([plan.head] if plan.head else [])], ensure_ascii=False),
        "pairs": " ".join(terms),
        # an expression it must be, also where there is nothing to look for
        "match": " ".join(f'"{term}"' for term in terms) or '"-"',
        "most": most,
        "beginning": _BEGINNING,
        "holding": _HOLDING,
        "recheck": _RECHECK,
        "last": _LAST,
    }
    return list(connection.execute(_PLAN, values).scalars())
