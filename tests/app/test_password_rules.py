"""What a member of staff's password must be."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.app.staff.password_rules import GREATEST_LENGTH, PasswordProblem, check_password

GUESSABLE, HOLDS_NAME, TOO_LONG, TOO_SHORT, UNUSABLE = (
    PasswordProblem.GUESSABLE,
    PasswordProblem.HOLDS_NAME,
    PasswordProblem.TOO_LONG,
    PasswordProblem.TOO_SHORT,
    PasswordProblem.UNUSABLE,
)


def problems(password: str, **changed: object) -> tuple[PasswordProblem, ...]:
    said = {"login": "hanako.t", "name": "田中　ハナ子", **changed}
    return check_password(password, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "password",
    [
        "三角定規 7 本と消しゴム",
        "mizube ni tatsu aosagi",
        "Q7#mLx!v92zRk",
        "カピバラとゆず湯の冬休み",
        "Ｑ７＃ｍＬｘ！ｖ９２ｚＲｋ",
        "図書館の屋根で三角定規 7 本",
    ],
)
def test_good_ones(password: str) -> None:
    assert problems(password) == ()


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", (TOO_SHORT, GUESSABLE)),
        ("Q7#mLx!v92z", (TOO_SHORT,)),
        ("x" * 65, (TOO_LONG,)),
        ("Q7#mLx!v92zRk\t", (UNUSABLE,)),
        ("Q7#mLx!v92zRk\0", (UNUSABLE,)),
        ("Q7#mLx!v92zRk\ud800", (UNUSABLE,)),
        ("Q7#mLx!v92zRk😀", (UNUSABLE,)),
        ("Q7#mLx〜v92zRk", (UNUSABLE,)),
        ("Q7#mLx～v92zRk", (UNUSABLE,)),
        ("Q7#mLx¥v92zRk", (UNUSABLE,)),
        ("Q7#mLx!v92zRkא", (UNUSABLE,)),
        ("tanuki hanako.T 48 zRk", (HOLDS_NAME,)),
        ("ＨＡＮＡＫＯの三角定規 7 本", (HOLDS_NAME,)),
        ("田中家の三角定規 7 本だよ", (HOLDS_NAME,)),
        ("三角定規 7 本のはな子さん", (HOLDS_NAME,)),
        ("password1234", (GUESSABLE,)),
        ("Ｐａｓｓｗｏｒｄ１２３４", (GUESSABLE,)),
        ("p@ssw0rd!2024", (GUESSABLE,)),
        ("qwertyuiop[]", (GUESSABLE,)),
        ("aaaaaaaaaaaa", (GUESSABLE,)),
        ("abcabcabcabcabc", (GUESSABLE,)),
        ("ああああああああああああ", (GUESSABLE,)),
        ("madoguchi2026!", (GUESSABLE,)),
        ("toshokantoshokan", (GUESSABLE,)),
        ("Fujisawa-Tsujido", (GUESSABLE,)),
        ("トショカントショカン2026", (GUESSABLE,)),
        ("藤沢市総合市民図書館の窓口", (GUESSABLE,)),
        ("あいうえおかきくけこさしすせそ", (GUESSABLE,)),
        ("abc", (TOO_SHORT, GUESSABLE)),
        ("hanako\t", (TOO_SHORT, UNUSABLE, HOLDS_NAME, GUESSABLE)),
    ],
)
def test_every_reason_is_said_at_once(password: str, expected: tuple[PasswordProblem, ...]) -> None:
    assert problems(password) == expected


def test_the_length_is_that_of_the_hashed_form_too() -> None:
    assert TOO_SHORT in problems("Q7#mLx" + "\u00ad" * 12)  # what is mapped to nothing does not count
    assert TOO_SHORT in problems("㍿㍿㍿")  # nor does a sign for four count as four
    assert TOO_LONG in problems("㍿" * 20)


def test_another_least_length() -> None:
    assert problems("Q7#mLx!v92zRk", least_length=14) == (TOO_SHORT,)
    assert problems("Q7#mLx!v92zRk", least_length=13) == ()


def test_one_kanji_or_two_letters_of_a_name_may_be_in_it() -> None:
    assert problems("三角定規 7 本と白い花", login="ab", name="林 花") == ()
    assert HOLDS_NAME not in problems("cable and drum 72", login="ab", name="林 花")


def test_a_turned_or_disguised_name_is_guessable() -> None:
    assert problems("ikakagat1985", login="tagakaki", name="多賀 柿") == (GUESSABLE,)
    assert problems("t@g@k@k11985", login="tagakaki", name="多賀 柿") == (GUESSABLE,)


def test_the_last_persons_words_are_forgotten() -> None:
    assert GUESSABLE in problems("ikakagat1985", login="tagakaki")
    assert GUESSABLE not in problems("ikakagat1985-mikan")


def test_a_long_one_is_as_hard_as_its_hardest_piece() -> None:
    assert problems("a" * 40 + "Q7#mLx!v92zRk") == ()
    assert problems("abcdefgh" * 8) == (GUESSABLE,)
    assert problems("(4@8({[<63691!|1|70$5+7x%2" * 2 + "(4@8({[<6369") == ()


@settings(max_examples=150)
@given(password=st.text(st.characters() | st.sampled_from("aA1@4({[|! 花ー"), max_size=70))
def test_any_text_is_judged(password: str) -> None:
    found = problems(password)
    assert PasswordProblem.REUSED not in found
    assert list(found) == [problem for problem in PasswordProblem if problem in found]
    assert (TOO_LONG in found) or len(password) <= GREATEST_LENGTH
    assert (TOO_SHORT in found) or len(password) >= 12


def test_zxcvbn_is_loaded_when_it_is_needed() -> None:
    code = (
        "import sys; from madoguchi.app.staff.password_rules import check_password as check;"
        "before = 'zxcvbn' in sys.modules; check('x', login='a', name='b');"
        "print(before, 'zxcvbn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
