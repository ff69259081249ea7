"""Every answer of a sign-in has its own sentence, and nothing is left to fill in."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from madoguchi.app.lending.facts import Desk
from madoguchi.app.staff.password_rules import PasswordProblem
from madoguchi.app.staff.permissions import Role
from madoguchi.app.staff.session import (
    LastTime,
    PasswordNeeded,
    PasswordWhy,
    SessionEnd,
    SignedIn,
    SignInProblem,
)
from madoguchi.widgets import sign_in_views as views
from madoguchi.widgets.look.views import Sign

NOW = dt.datetime(2026, 5, 12, 10, tzinfo=dt.timezone(dt.timedelta(hours=9)))
PERSON = SignedIn(Desk(1, "1番窓口", "clerk"), "訓練 太郎", Role.COUNTER_STAFF, "総合市民図書館", "")
SENTENCE = re.compile(r"[^{}]*[ぁ-んァ-ヶ一-龠][^{}]*。")


def flags(person: SignedIn) -> list[tuple[Sign, str, str]]:
    view = views.arrival(person, NOW)
    assert view is not None
    return [(flag.sign, flag.label, flag.detail) for flag in view.flags]


def test_each_problem_end_and_rule_has_a_sentence_of_its_own() -> None:
    for said in (
        [views.problem(why) for why in SignInProblem],
        [views.ended(why, 0) for why in SessionEnd],
        [views.password_problem(problem) for problem in PasswordProblem],
        [views.new_password(PasswordNeeded("clerk", "訓練 太郎", why)).why for why in PasswordWhy],
    ):
        assert len(set(said)) == len(said)
        assert all(SENTENCE.fullmatch(sentence) for sentence in said)


def test_what_was_not_done_is_counted_and_kept_back() -> None:
    assert views.ended(SessionEnd.ACCOUNT, 3).splitlines() == [
        "この職員番号は使えなくなりました。責任者に連絡してください。",
        "3件は処理していません。貸出の途中の資料は渡さないでください。",
    ]


def test_the_embedded_library_has_nothing_to_say() -> None:
    assert views.arrival(PERSON, NOW) is None


def test_a_first_sign_in() -> None:
    first = replace(PERSON, clock_ahead_seconds=0.1)
    assert flags(first) == [(Sign.INFORMATION, "前回のサインインはありません", "")]


@pytest.mark.parametrize(
    ("how", "sign", "said"),
    [
        ("signed out", Sign.INFORMATION, "サインアウト"),
        ("taken over", Sign.NOTICE, "別の端末から終了"),
        ("lost", Sign.NOTICE, "接続が切れて終了"),
        ("account ended", Sign.NOTICE, "職員番号の停止で終了"),
        ("terminal revoked", Sign.NOTICE, "端末の停止で終了"),
        ("", Sign.NOTICE, "終了の記録なし"),
    ],
)
def test_the_time_before(how: str, sign: Sign, said: str) -> None:
    began = dt.datetime(2025, 12, 26, 0, 5, tzinfo=dt.UTC)
    ended = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC) if how else None
    last = LastTime(began, ended, how, "南市民図書館", "2番窓口")
    (flag,) = flags(replace(PERSON, last=last, clock_ahead_seconds=0.0))
    span = "前回 2025/12/26(金) 09:05" + (" から 1/5(月) 17:00" if how else "")
    assert flag == (sign, span, f"2番窓口（南市民図書館）・{said}")


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (2.0, None),
        (-2.0, None),
        (2.6, "端末の時計が 3秒進んでいます"),
        (-61.2, "端末の時計が 61秒遅れています"),
    ],
)
def test_a_clock_that_is_wrong(ahead: float, said: str | None) -> None:
    labels = [label for _, label, _ in flags(replace(PERSON, clock_ahead_seconds=ahead))]
    assert labels[1:] == ([said] if said else [])


def test_failures_and_the_passwords_last_days() -> None:
    person = replace(PERSON, failures=4, password_days_left=-1, clock_ahead_seconds=0.0)
    assert [label for _, label, _ in flags(person)[1:]] == [
        "サインインの失敗 4回",
        "パスワードの期限まで 0日",
    ]
