"""The questions that searches are measured with: drawn from the library itself, by how many titles hold them.

Of every so-manieth title (all of them in a small library) the beginnings of words of the reading and the
runs of kanji in the title are taken. Common is what is among the hundredth that most of these titles have,
rare what only one of them has and one to twenty titles of the whole library hold. Of each some are drawn,
always the same ones of the same library. Readings are typed in hiragana.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import sqlalchemy as sa

from madoguchi.app.catalogue.folding import folded
from madoguchi.app.catalogue.search import TitleQuery, plan_of
from madoguchi.app.server import tables as t
from madoguchi.app.server.embedded_search import found_titles

ISBN = "the beginning of an ISBN"
SEED = 6
RARE = 20
_LOOKED_AT = 18_000
_COMMONEST = 100
_LENGTHS: dict[str, tuple[int, ...]] = {
    "one letter": (1,),
    "two letters": (2,),
    "three letters": (3,),
    "four to six letters": (4, 5, 6),
}
_KANJI = re.compile("[\u4e00-\u9fff]+")
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, of which class it is, and how many titles hold it."""

    kind: str
    text: str
    titles: int


@dataclass(frozen=True, slots=True)
class _Looked:
    """A title that questions are drawn from."""

    title: str
    reading: str
    isbn: str
    creator: str


class Questions:
    """Draws questions from an embedded library; on the other database there are the same rows."""

    def __init__(self, engine: sa.Engine, last_title: int) -> None:
        self._engine = engine
        with engine.connect() as connection:
            made = t.title_search.c.title_id <= last_title
            self._held = list(connection.execute(sa.select(t.title_search.c.searched).where(made)).scalars())
            self._keys = list(connection.execute(sa.select(t.title_search.c.kana_key).where(made)).scalars())
            self._numbers = list(connection.execute(sa.select(t.title_search.c.isbn).where(made)).scalars())
            step = max(1, last_title // _LOOKED_AT)
            self._looked = list(_looked(connection, last_title, step))
        self._random = random.Random(SEED)

    def drawn(self, each: int) -> list[Question]:
        """So many of each class, fewer where a library has no more; no text twice."""
        found: dict[str, Question] = {}
        commonest: list[str] = []
        for script, parts, held in (
            ("kana", _kana, self._titles_by_kana),
            ("kanji", _kanji, self._titles_by_kanji),
        ):
            for letters, lengths in _LENGTHS.items():
                seen = Counter(chain.from_iterable(parts(looked, lengths) for looked in self._looked))
                ordered = [text for text, _ in seen.most_common()]
                common = ordered[: max(each, len(ordered) // _COMMONEST)]
                rare = [text for text, times in seen.items() if times == 1]
                if letters == "two letters":
                    commonest += self._random.sample(common, min(each, len(common)))
                for name, texts, most in (("common", common, None), ("rare", sorted(rare), RARE)):
                    kind = f"{letters}, {script}, {name}"
                    for question in self._some(texts, kind, held, most, each):
                        found.setdefault(question.text, question)
        for question in chain(self._two_words(commonest, each), self._isbns(each)):
            found.setdefault(question.text, question)
        return list(found.values())

    def _some(
        self, texts: list[str], kind: str, held: Callable[[str], int], most: int | None, each: int
    ) -> Iterator[Question]:
        left = each
        for text in self._random.sample(texts, min(len(texts), 20 * each)):
            if not left:
                return
            # to count takes long: the search itself says sooner that there are too many
            if most is not None and not 0 < self._found(text, most + 1) <= most:
                continue
            titles = held(text)
            if titles and (most is None or titles <= most):
                left -= 1
                yield Question(kind, text, titles)

    def _found(self, text: str, most: int) -> int:
        with self._engine.connect() as connection:
            return len(found_titles(connection, plan_of(TitleQuery(anywhere=text)), most))

    def _titles_by_kana(self, typed: str) -> int:
        word = folded(typed)
        if len(word) == 1:
            # what only holds one kana is not looked for
            return sum(key.startswith(word) for key in self._keys)
        return self._titles_by_kanji(typed)

    def _titles_by_kanji(self, typed: str) -> int:
        words = [folded(word) for word in typed.split()]
        first, *rest = words
        return sum(first in held and all(word in held for word in rest) for held in self._held)

    def _two_words(self, commonest: list[str], each: int) -> Iterator[Question]:
        """What a title begins with and its creator's name; and two words that very many titles hold."""
        # what ends in a space or a Latin letter is typed by key: of that the ISBNs are a class
        japanese = [looked for looked in self._looked if not looked.creator[1:2].isascii()]
        with_creator = [looked for looked in japanese if not folded(looked.reading)[:3].isascii()]
        for looked in self._random.sample(with_creator, min(each, len(with_creator))):
            text = f"{_typed(folded(looked.reading)[:3])} {looked.creator[:2]}"
            yield Question("two words, title and creator", text, self._titles_by_kanji(text))
        for place in range(min(each, len(commonest) // 2)):
            text = f"{commonest[place]} {commonest[-1 - place]}"
            yield Question("two words, each common", text, self._titles_by_kanji(text))

    def _isbns(self, each: int) -> Iterator[Question]:
        numbered = [looked.isbn for looked in self._looked if looked.isbn]
        for place, isbn in enumerate(self._random.sample(numbered, min(each, len(numbered)))):
            typed = isbn[: 7 + place % 4]
            yield Question(ISBN, typed, sum(number.startswith(typed) for number in self._numbers))


def _looked(connection: sa.Connection, last_title: int, step: int) -> Iterator[_Looked]:
    columns = (t.title.c.id, t.title.c.title, t.title.c.title_kana, t.title.c.isbn, t.title_creator.c.name)
    first = sa.and_(t.title_creator.c.title_id == t.title.c.id, t.title_creator.c.position == 1)
    statement = (
        sa.select(*columns)
        .select_from(t.title.outerjoin(t.title_creator, first))
        .where(t.title.c.id <= last_title, t.title.c.id % step == 0)
        .order_by(t.title.c.id)
    )
    for _id, title, reading, isbn, creator in connection.execute(statement):
        yield _Looked(folded(title), reading, isbn or "", creator or "")


def _kana(looked: _Looked, lengths: tuple[int, ...]) -> Iterable[str]:
    """What each word of the reading begins with."""
    words = looked.reading.split()
    texts = set()
    for place in range(len(words)):
        rest = folded("".join(words[place : place + 4]))
        for length in lengths:
            if len(rest) >= length and all("ァ" <= letter <= "ヶ" for letter in rest[:length]):
                texts.add(_typed(rest[:length]))
    return texts


def _kanji(looked: _Looked, lengths: tuple[int, ...]) -> Iterable[str]:
    return {
        run[place : place + length]
        for run in _KANJI.findall(looked.title)
        for length in lengths
        for place in range(len(run) - length + 1)
    }


def _typed(kana: str) -> str:
    return kana.translate(_HIRAGANA)
