"""What a member of staff's password must be (the standard, 6.5(3)(4) and 7.2(11)②). Pure.

Long enough and not guessable; what does not comply is refused with every reason at once. That an old password
is not used again is the server's to say, which keeps the old verifiers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from madoguchi.app.staff.scram import prepare

LEAST_LENGTH: Final = 12
GREATEST_LENGTH: Final = 64
"""In characters. The driver carries this many of any script; NIST SP 800-63B asks for at least as many."""

_LEAST_SCORE: Final = 3  # of 0 to 4: zxcvbn's "safely unguessable", some 10^8 guesses or more

# zxcvbn's time grows steeply with the length, to many seconds for a few dozen signs that stand for letters.
_JUDGED_LENGTH: Final = 32

# The same key gives another of these on another machine: Windows and Linux read JIS X 0208 differently, and
# the yen sign shares its key with the backslash. NFKC does not bring the pairs together.
_TYPED_DIFFERENTLY: Final = frozenset("〜～−－‖∥—―¥￥‾￣")

_KATAKANA_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

# What somebody who knows the place would try first; zxcvbn's own lists are English.
_LOCAL_WORDS: Final = (
    "madoguchi", "library", "toshokan", "toshoshitsu", "fujisawa", "shimin", "shonan", "enoshima",
    "kanagawa", "sogo", "sougou", "minami", "tsujido", "oba", "ooba", "ohba", "katase", "kugenuma",
    "muraoka", "meiji", "zengyo", "zengyou", "mutsuai", "shonandai", "endo", "endou", "chogo", "chougo",
    "goshomi", "窓口", "図書館", "図書室", "市民", "藤沢", "藤沢市", "湘南", "江ノ島", "江の島", "神奈川",
    "総合", "総合市民図書館", "辻堂", "大庭", "湘南大庭", "片瀬", "鵠沼", "村岡", "明治", "善行", "六会",
    "湘南台", "遠藤", "長後", "御所見", "まどぐち", "としょかん", "ふじさわ", "しょうなん", "えのしま",
    "かながわ", "つじどう", "くげぬま", "pasuwado", "pasuwaado", "aikotoba", "anshobango", "himitsu",
    "nihon", "nippon", "tokyo", "kamakura", "sakura", "arigatou", "arigato", "konnichiwa", "ohayou",
    "ohayo", "sayonara", "yoroshiku", "onegaishimasu", "aiueo", "kakikukeko", "irohanihoheto", "reiwa",
    "heisei", "showa", "nekoneko", "shokuin", "kashidashi", "henkyaku", "ぱすわーど", "あいことば",
    "あんしょうばんごう", "ひみつ", "にほん", "さくら", "ありがとう", "ございます", "こんにちは",
    "おはよう", "さようなら", "よろしく", "おねがいします", "あいうえお", "かきくけこ", "さしすせそ",
    "たちつてと", "なにぬねの", "いろはにほへと", "ちりぬるを", "れいわ", "へいせい", "しょうわ", "令和",
    "平成", "昭和", "職員", "貸出", "返却", "予約", "延長", "暗証番号", "合言葉", "秘密", "日本", "東京",
    "鎌倉",
)  # fmt: skip


class PasswordProblem(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    UNUSABLE = "unusable"
    """It holds what cannot be typed again the same way: control characters, emoji, surrogates, 〜."""
    HOLDS_NAME = "holds_name"
    """The login or the name, or a part of them, is in it."""
    GUESSABLE = "guessable"
    REUSED = "reused"
    """It is the present one or one of the last: only the server can say so, `check_password` never does."""


def check_password(
    password: str, *, login: str, name: str, least_length: int = LEAST_LENGTH
) -> tuple[PasswordProblem, ...]:
    """All that speaks against ``password``, in the order of the enum; empty when it may be used.

    Lengths are in characters, of what was typed or of what PostgreSQL makes of it, whichever complies less.
    It takes some milliseconds, at worst a second or two: not for each key typed. zxcvbn keeps one call's
    words in its module, so only one thread at a time may ask.
    """
    prepared = prepare(password)
    # The form that is hashed is the form that is guessed: "Ｐａｓｓｗｏｒｄ" is "Password".
    judged = unicodedata.normalize("NFKC", password) if prepared is None else prepared
    lengths = (len(password), len(judged))
    folded = _fold(judged)
    found = {
        PasswordProblem.TOO_SHORT: min(lengths) < least_length,
        PasswordProblem.TOO_LONG: max(lengths) > GREATEST_LENGTH,
        PasswordProblem.UNUSABLE: prepared is None or any(map(_is_unusable, password)),
        PasswordProblem.HOLDS_NAME: any(part in _letters(folded) for part in _name_parts(login, name)),
        # What is too long is refused for that, and is not judged: zxcvbn would take its time.
        PasswordProblem.GUESSABLE: max(lengths) <= GREATEST_LENGTH and _is_guessable(judged, login, name),
    }
    return tuple(problem for problem, is_so in found.items() if is_so)


def _is_unusable(character: str) -> bool:
    return character in _TYPED_DIFFERENTLY or unicodedata.category(character) == "Cc"


def _name_parts(login: str, name: str) -> Iterator[str]:
    """Login and name, whole and in parts, folded. One kanji, or two Latin letters, are no name."""
    for said in map(_fold, (login, name)):
        for part in {_letters(said), *re.split(r"[\W_]+", said)}:
            if len(part) >= (3 if part.isascii() else 2):
                yield part


def _is_guessable(password: str, login: str, name: str) -> bool:
    """Whether no piece of ``password`` is hard enough to guess; the whole is as hard as its hardest piece."""
    from zxcvbn import zxcvbn

    words = [*_name_parts(login, name), *map(_fold, _LOCAL_WORDS)]
    text = unicodedata.normalize("NFKC", password).translate(_KATAKANA_TO_HIRAGANA)
    # To zxcvbn any three words in a row are safe. These words are worth nothing, however many: what is left
    # is judged. It still gets them, to find them disguised or turned round.
    known = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    text = re.sub(known, "", text, flags=re.IGNORECASE)
    pieces = (text[at : at + _JUDGED_LENGTH] for at in range(0, len(text), _JUDGED_LENGTH))
    return not any(zxcvbn(piece, user_inputs=words)["score"] >= _LEAST_SCORE for piece in pieces)


def _fold(text: str) -> str:
    """``text`` without the differences of width, case and kana."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_KATAKANA_TO_HIRAGANA)


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
