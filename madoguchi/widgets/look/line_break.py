"""Where a paragraph may be broken: no line begins with a full stop, and short notes break between phrases.

The characters that may neither begin nor end a line are those of JIS X 4051 (行頭禁則, 行末禁則), with the
small kana and the long vowel mark among them. Japanese writes no spaces, so the end of a phrase is guessed
from the kind of letters on both sides; a wrong guess costs beauty only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.widgets.look.runs import split_runs

NEVER_FIRST = frozenset(
    "、。，．,.・：；:;？！?!｡､ゝゞヽヾ々ー…‥”’）〕］｝〉》」』】)]}｣°％%"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶｧｨｩｪｫｯｬｭｮｰﾞﾟ゛゜"
)
NEVER_LAST = frozenset("“‘（〔［｛〈《「『【([{｢￥¥＄$")
_SPACES = frozenset(" \u3000\t")
_AFTER_A_PHRASE = frozenset("、。，．？！」』）】〉》…")
_PARTICLES = frozenset("はがをに")
_NOT_AFTER_A_PARTICLE = frozenset("はもがをにのくす")

BALANCED_LINES = 3
"""Up to so many lines are made about equally long; longer text is filled line by line."""
MOST_CHOSEN_LINES = 12
"""Longer text is nobody's short note; to choose its breaks well would take seconds."""
_GUESSED_END = 0.04
_INSIDE_A_PHRASE = 0.08
_INSIDE_A_WORD = 0.25
_SHORT_LAST = 0.3


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the text that stays on one line, its width with and without the spaces at its end."""

    text: str
    width: float
    inked: float
    cost_after: float


def broken(text: str, measure: Callable[[str], float], width: float, *, even: bool = True) -> list[str]:
    """The text, which has no line ends of its own, in lines of at most ``width``; one line if it is empty.

    ``measure`` gives the width of a piece of text. Without ``even`` every line is filled as far as it goes.
    """
    pieces = _pieces(text, measure, width)
    if not pieces:
        return [""]
    count = len(_filled(pieces, width))
    chosen = even and 1 < count <= MOST_CHOSEN_LINES
    ends = _best(pieces, width, count) if chosen else _filled(pieces, width)
    starts = [0, *ends[:-1]]
    return [
        "".join(piece.text for piece in pieces[start:end]) for start, end in zip(starts, ends, strict=True)
    ]


def phrase_lines(text: str, measure: Callable[[str], float]) -> tuple[str, str]:
    """A word in two lines, the longer of which is as short as the ends of phrases allow."""
    places = _places(text)
    if not places:
        return text, ""
    whole = measure(text)

    def badness(at: int) -> float:
        longer = max(measure(text[:at].rstrip()), measure(text[at:]))
        return longer / max(1.0, whole) + 4 * _cost(text, at)

    at = min(places, key=badness)
    return text[:at].rstrip(), text[at:]


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in ("W", "F", "H")


def _places(text: str) -> list[int]:
    """Where the text may be broken."""
    inside: set[int] = set()
    at = 0
    for piece, is_number in split_runs(text):
        if is_number:
            inside.update(range(at + 1, at + len(piece)))
        at += len(piece)
    return [at for at in range(1, len(text)) if at not in inside and _may_break(text[at - 1], text[at])]


def _may_break(before: str, after: str) -> bool:
    if (
        after in _SPACES
        or after in NEVER_FIRST
        or before in NEVER_LAST
        or unicodedata.category(after) == "Mn"
    ):
        return False
    return before in _SPACES or _is_wide(before) or _is_wide(after)


def _kind(letter: str) -> str:
    name = unicodedata.name(letter, "")
    for kind in ("HIRAGANA", "KATAKANA", "CJK"):
        if name.startswith(kind):
            return kind
    if letter in "々ー〆":
        return "KATAKANA" if letter == "ー" else "CJK"
    return "DIGIT" if letter.isdigit() else "OTHER"


def _cost(text: str, at: int) -> float:
    """How much worse a break before ``text[at]`` is than one between two phrases."""
    before, after = text[at - 1], text[at]
    if before in _SPACES:
        # A number stays beside the word it belongs to.
        return _INSIDE_A_PHRASE if after.isdigit() else 0.0
    if before in _AFTER_A_PHRASE or after in NEVER_LAST:
        return 0.0
    kinds = (_kind(before), _kind(after))
    if kinds[0] == "HIRAGANA" and kinds[1] != "HIRAGANA":
        return _GUESSED_END
    if before == "を" and after not in _NOT_AFTER_A_PARTICLE:
        return _GUESSED_END
    ends_word = at >= 2 and before in _PARTICLES and _kind(text[at - 2]) in ("CJK", "KATAKANA")
    if ends_word and after not in _NOT_AFTER_A_PARTICLE:
        return _GUESSED_END
    same_word = kinds in (("KATAKANA", "KATAKANA"), ("DIGIT", "CJK"), ("CJK", "HIRAGANA"))
    return _INSIDE_A_WORD if same_word else _INSIDE_A_PHRASE


def _pieces(text: str, measure: Callable[[str], float], width: float) -> list[_Piece]:
    pieces: list[_Piece] = []
    places = _places(text)
    for start, end in zip([0, *places], [*places, len(text)], strict=True):
        part = text[start:end]
        cost = _cost(text, end) if end < len(text) else 0.0
        inked = measure(part.rstrip())
        if inked <= width or len(part) == 1:
            pieces.append(_Piece(part, measure(part), inked, cost))
        else:
            # A number or a Latin word wider than the whole line goes on in the next one.
            parts = [(letter, measure(letter)) for letter in part]
            pieces += [_Piece(letter, wide, wide, 0.0) for letter, wide in parts]
    return [piece for piece in pieces if piece.text]


def _filled(pieces: list[_Piece], width: float) -> list[int]:
    """Ends of the lines, each as long as it can be."""
    ends: list[int] = []
    used = 0.0
    for at, piece in enumerate(pieces):
        if used and used + piece.inked > width:
            ends.append(at)
            used = 0.0
        used += piece.width
    return [*ends, len(pieces)]


def _best(pieces: list[_Piece], width: float, count: int) -> list[int]:
    """Ends of ``count`` lines with the least cost of uneven lines and of breaks inside phrases and words."""
    size = len(pieces)
    even = count <= BALANCED_LINES
    aim = sum(piece.width for piece in pieces) / count if even else width
    # Cheapest way to set the pieces before an index in so many lines: cost and where the last line begins.
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for line in range(1, count + 1):
        reached: dict[int, tuple[float, int]] = {}
        for start, (cost, _) in best[-1].items():
            used = 0.0
            for end in range(start + 1, size + 1):
                piece = pieces[end - 1]
                long = used + piece.inked
                if used and long > width:
                    break
                used += piece.width
                last = end == size
                if last != (line == count):
                    continue
                rough = ((long - aim) / width) ** 2
                if last and not even:
                    rough = _SHORT_LAST if long < width / 5 else 0.0
                total = cost + rough + piece.cost_after
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, start)
        best.append(reached)
    ends = [size]
    for line in range(count, 1, -1):
        ends.insert(0, best[line][ends[0]][1])
    return ends
