"""The reading of a name out of what an input method showed. The sequences are Mozc's, with romaji keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.patrons.composed import kana_from_composition


@pytest.mark.parametrize(
    ("preedits", "commit", "kana"),
    [
        ("ｙ や やｍ やま 山", "山", "ヤマ"),
        ("ｙ や やｍ やま やまｄ やまだ 山田", "山田", "ヤマダ"),
        # another candidate, back to kana, converted again
        ("ｙ や やｍ やま 山 也真 やま 山", "山", "ヤマ"),
        # deleted in the middle of it
        ("ｙ や やｍ やま やまｄ やまど やま やまｄ やまだ 山田", "山田", "ヤマダ"),
        ("ｙ や やｍ やま や 矢", "矢", "ヤ"),
        # an n that is still open is ん when it is converted
        ("ｋ け けｎ 健", "健", "ケン"),
        ("ｋ け けｎ けん けんｉ けんいｃ けんいち 健一", "健一", "ケンイチ"),
        ("ｊ じ じｕ じゅｎ じゅん 順", "順", "ジュン"),
        # family and given name in one, and kana that was kept
        (
            "ｙ や やｍ やま やまｄ やまだ やまだｈ やまだは やまだはｎ やまだはな 山田花",
            "山田花",
            "ヤマダハナ",
        ),
        ("ｓ さ さｋ さく さくｒ さくら", "さくら", "サクラ"),
        ("ｓ さ さｋ さく さくｒ さくら 桜 サクラ", "サクラ", "サクラ"),
        # F10 makes Latin letters of it: their reading was typed all the same
        ("ｊ じ じｙ じょ じょｎ じょん jonn", "jonn", "ジョン"),
        # half-width kana
        ("ﾔ ﾔﾏ ﾔﾏﾀ ﾔﾏﾀﾞ 山田", "山田", "ヤマダ"),
        # a part was committed before: the rest was seen in kanji alone
        ("花子", "花子", ""),
        ("", "山田", ""),
        ("ｎ", "n", ""),
        ("ｙ ｙｍ", "ym", ""),
        ("", "　", ""),
        ("", "", ""),
        ("", "ー", ""),
    ],
)
def test_the_reading_is_what_was_last_seen_in_kana(preedits: str, commit: str, kana: str) -> None:
    assert kana_from_composition(preedits.split(), commit) == kana


def test_a_name_committed_in_parts_is_read_in_parts() -> None:
    """What comes with a commit is composed after it, as `Composition` tells it."""
    parts = [
        (["ｙ", "や", "やｍ", "やま", "やまｄ", "やまだ", "山田"], "山田"),
        (["ｈ", "は", "はｎ", "はな", "花"], "花"),
        (["ｋ", "こ", "子"], "子"),
    ]
    assert "".join(kana_from_composition(*part) for part in parts) == "ヤマダハナコ"


KEYS = {"や": "ya", "ま": "ma", "だ": "da", "き": "ki", "ょ": "lyo", "う": "u", "こ": "ko", "っ": "ltu"}


@given(st.lists(st.sampled_from([*KEYS, "BACK"]), min_size=1, max_size=12), st.integers(0, 3))
def test_whatever_is_typed_and_deleted_the_reading_is_what_is_left(keys: list[str], looks: int) -> None:
    """Syllables key by key, the last one deleted here and there, then converted and looked through."""
    left: list[str] = []
    preedits: list[str] = []
    for key in keys:
        if key == "BACK":
            left = left[:-1]
            preedits.append("".join(left))
            continue
        letters = KEYS[key]
        preedits += ["".join(left) + letters[:count] for count in range(1, len(letters))]
        left.append(key)
        preedits.append("".join(left))
    if not left:
        # Qt tells that the composition came to nothing: what was seen of it is dropped
        return
    kana = "".join(left)
    preedits += [f"漢{look}" for look in range(looks)]
    katakana = "".join(chr(ord(letter) + 0x60) for letter in kana)
    assert kana_from_composition([each for each in preedits if each], "漢字") == katakana


@given(st.lists(st.text(max_size=8), max_size=5), st.text(max_size=8))
def test_nothing_but_kana_comes_out(preedits: list[str], commit: str) -> None:
    kana = kana_from_composition(preedits, commit)
    assert all("ァ" <= letter <= "ヾ" or letter == " " for letter in kana)
