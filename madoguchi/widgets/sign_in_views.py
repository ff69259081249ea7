"""What is said while somebody signs in, and right after. Pure: values in, values out."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QCoreApplication

from madoguchi.app.staff.password_rules import GREATEST_LENGTH, LEAST_LENGTH, PasswordProblem
from madoguchi.app.staff.session import (
    LastTime,
    PasswordNeeded,
    PasswordWhy,
    SessionEnd,
    SignedIn,
    SignedInElsewhere,
    SignInProblem,
)
from madoguchi.widgets import wording
from madoguchi.widgets.look.panel_views import ArrivalView, NewPasswordView
from madoguchi.widgets.look.views import AnswerView, FlagView, QuestionView, Sign, StripView, Tone
from madoguchi.widgets.scan_hold import MOST_HELD, Fate

translate = QCoreApplication.translate

CLOCK_TOLERANCE_SECONDS = 2.0
"""A terminal's clock that differs by more from the server's is told of."""


def problem(why: SignInProblem) -> str:
    """Why nobody was signed in."""
    return {
        SignInProblem.NOT_KNOWN: translate("Counter", "職員番号かパスワードが違うか、使えない職員番号です。"),
        SignInProblem.WRONG_BRANCH: translate("Counter", "この館の端末では使えない職員番号です。"),
        SignInProblem.TERMINAL_UNKNOWN: translate(
            "Counter", "この端末は登録されていません。システム担当に連絡してください。"
        ),
        SignInProblem.TERMINAL_REVOKED: translate(
            "Counter", "この端末は使用を止められています。システム担当に連絡してください。"
        ),
        SignInProblem.TERMINAL_CUT_OFF: cut_off(),
        SignInProblem.SESSION_ENDED: translate(
            "Counter", "サインインの途中で終了しました。はじめからサインインしてください。"
        ),
    }[why]


def cut_off() -> str:
    """This terminal was cut off, and stays so until system staff put it right."""
    return translate(
        "Counter", "この端末は切り離されています。システム担当がサインインすると、元に戻せます。"
    )


def reconnect(since: dt.datetime | None, now: dt.datetime) -> QuestionView:
    """Whether this terminal is to be used again; F9, which changes nothing, has the focus."""
    detail = ""
    if since is not None:
        detail = translate("Counter", "{since} に切り離し").format(since=wording.moment(since, now))
    return QuestionView(
        translate("Counter", "この端末は切り離されています"),
        detail,
        AnswerView(translate("Counter", "そのまま"), translate("Counter", "サインインに戻ります")),
        AnswerView(translate("Counter", "元に戻す"), translate("Counter", "また使えるようになります")),
        sign=Sign.NOTICE,
        hint=translate("Counter", "原因が分かり、対処が済んでから戻してください。"),
    )


def ended(why: SessionEnd, lost: int) -> str:
    """Why a session that was open is over, and how many acts were not done."""
    words = {
        SessionEnd.NOT_SIGNED_IN: translate(
            "Counter", "サーバーでサインインが切れました。もう一度サインインしてください。"
        ),
        SessionEnd.TERMINAL: translate(
            "Counter", "この端末は使えなくなりました。システム担当に連絡してください。"
        ),
        SessionEnd.ACCOUNT: translate(
            "Counter", "この職員番号は使えなくなりました。責任者に連絡してください。"
        ),
        SessionEnd.PASSWORD: translate(
            "Counter", "パスワードを変えるときです。もう一度サインインしてください。"
        ),
        SessionEnd.BRANCH: translate(
            "Counter", "この館では使えない職員番号になりました。責任者に連絡してください。"
        ),
        SessionEnd.TAKEN_OVER: translate(
            "Counter", "この職員番号のサインインは、別の端末から終了されました。"
        ),
        SessionEnd.CUT_OFF: cut_off(),
        SessionEnd.REFUSED: translate(
            "Counter", "サーバーがこの職員番号を受け付けません。責任者に連絡してください。"
        ),
    }[why]
    if not lost:
        return words
    not_done = translate("Counter", "{n}件は処理していません。貸出の途中の資料は渡さないでください。")
    return f"{words}\n{not_done.format(n=lost)}"


def not_held(fate: Fate) -> str:
    """Why something that was scanned is not taken before a sign-in."""
    if fate is Fate.FULL:
        full = translate("Counter", "保留は{limit}件までです。再開してから読み取ってください。")
        return full.format(limit=MOST_HELD)
    if fate is Fate.NO_NUMBER:
        return translate("Counter", "番号ではないので、保留していません。")
    return translate("Counter", "サインインしてから読み取ってください。")


def elsewhere(answer: SignedInElsewhere, now: dt.datetime) -> QuestionView:
    """Whether to end the session at the other terminal; F9, which changes nothing, has the focus."""
    detail = translate("Counter", "{terminal}（{branch}）で、{since} から").format(
        terminal=answer.terminal, branch=answer.branch, since=wording.moment(answer.since, now)
    )
    return QuestionView(
        translate("Counter", "別の端末でサインインしています"),
        detail,
        AnswerView(translate("Counter", "終了しない"), translate("Counter", "サインインに戻ります")),
        AnswerView(translate("Counter", "そちらを終了する"), translate("Counter", "ここでサインインします")),
        sign=Sign.NOTICE,
        hint=translate("Counter", "心当たりがなければ、セキュリティ責任者に連絡してください。"),
    )


def kept_work(since: dt.datetime, now: dt.datetime) -> QuestionView:
    """Whether to go on with what was left when a colleague took the desk over."""
    return QuestionView(
        translate("Counter", "離席前の作業が残っています"),
        translate("Counter", "{since} に離席").format(since=wording.moment(since, now)),
        AnswerView(translate("Counter", "あとで"), translate("Counter", "次に離席するまで残ります")),
        AnswerView(translate("Counter", "続ける"), translate("Counter", "そのときの画面に戻ります")),
        sign=Sign.INFORMATION,
    )


def not_resumed_strip() -> StripView:
    """What waited was written by another version of the program."""
    return StripView(
        Tone.NOTICE,
        translate("Counter", "離席前の作業を開けません"),
        translate("Counter", "カードから読み取り直してください"),
    )


def new_password(
    needed: PasswordNeeded,
    problems: tuple[PasswordProblem, ...] = (),
    *,
    differ: bool = False,
    busy: bool = False,
) -> NewPasswordView:
    """A new password is to be chosen."""
    why = {
        PasswordWhy.TEMPORARY: translate(
            "Counter", "いまのパスワードは仮のものです。自分だけが知るものに変えてください。"
        ),
        PasswordWhy.OLD: translate("Counter", "パスワードの期限が来ました。新しいものに変えてください。"),
    }[needed.why]
    rules = translate(
        "Counter",
        "{least}文字以上。名前や職員番号を含むもの、推測しやすいもの、前に使ったものは使えません。",
    )
    return NewPasswordView(
        translate("Counter", "{name}さんの新しいパスワード").format(name=needed.name),
        why,
        rules.format(least=LEAST_LENGTH),
        tuple(map(password_problem, problems)),
        translate("Counter", "2つが違います。入れ直してください。") if differ else "",
        busy,
    )


def password_problem(problem: PasswordProblem) -> str:
    """What is wrong with a new password, and what helps."""
    return {
        PasswordProblem.TOO_SHORT: translate("Counter", "短すぎます。{least}文字以上にしてください。").format(
            least=LEAST_LENGTH
        ),
        PasswordProblem.TOO_LONG: translate("Counter", "長すぎます。{most}文字までにしてください。").format(
            most=GREATEST_LENGTH
        ),
        PasswordProblem.UNUSABLE: translate(
            "Counter", "どの端末でも同じには打てない文字があります。別の文字にしてください。"
        ),
        PasswordProblem.HOLDS_NAME: translate(
            "Counter", "名前か職員番号が入っています。入れないでください。"
        ),
        PasswordProblem.GUESSABLE: translate(
            "Counter", "推測しやすいものです。関係のない言葉をいくつか並べると、強くなります。"
        ),
        PasswordProblem.REUSED: translate("Counter", "前に使ったものです。別のものにしてください。"),
    }[problem]


def arrival(person: SignedIn, now: dt.datetime) -> ArrivalView | None:
    """What to tell somebody who has just signed in at the central server; None on the embedded library."""
    ahead = person.clock_ahead_seconds
    if ahead is None:
        return None
    flags = [_last_flag(person.last, now)]
    suspicious = translate("Counter", "心当たりがなければ、セキュリティ責任者に連絡")
    if person.failures:
        failed = translate("Counter", "サインインの失敗 {n}回").format(n=person.failures)
        flags.append(FlagView(Sign.NOTICE, failed, suspicious))
    if person.password_days_left is not None:
        left = max(0, person.password_days_left)
        word = translate("Counter", "パスワードの期限まで {n}日").format(n=left)
        flags.append(FlagView(Sign.NOTICE, word, translate("Counter", "期限が来ると、サインインで変えます")))
    if abs(ahead) > CLOCK_TOLERANCE_SECONDS:
        fast = translate("Counter", "端末の時計が {n}秒進んでいます")
        word = fast if ahead > 0 else translate("Counter", "端末の時計が {n}秒遅れています")
        tell = translate("Counter", "システム担当に連絡")
        flags.append(FlagView(Sign.NOTICE, word.format(n=round(abs(ahead))), tell))
    return ArrivalView(
        translate("Counter", "{name}さんのサインイン").format(name=person.name),
        tuple(flags),
        translate("Counter", "前回に心当たりがなければ、セキュリティ責任者に連絡。次の読み取りで閉じます。"),
    )


def _last_flag(last: LastTime | None, now: dt.datetime) -> FlagView:
    if last is None:
        return FlagView(Sign.INFORMATION, translate("Counter", "前回のサインインはありません"))
    how = {
        "signed out": translate("Counter", "サインアウト"),
        "taken over": translate("Counter", "別の端末から終了"),
        "lost": translate("Counter", "接続が切れて終了"),
        "account ended": translate("Counter", "職員番号の停止で終了"),
        "terminal revoked": translate("Counter", "端末の停止で終了"),
        "terminal disconnected": translate("Counter", "端末の切り離しで終了"),
    }.get(last.how, translate("Counter", "終了の記録なし"))
    ended_at = wording.moment(last.signed_out_at, now) if last.signed_out_at is not None else ""
    span = translate("Counter", "前回 {since}").format(since=wording.moment(last.signed_in_at, now))
    if ended_at:
        span = translate("Counter", "前回 {since} から {until}").format(
            since=wording.moment(last.signed_in_at, now), until=ended_at
        )
    where = translate("Counter", "{terminal}（{branch}）・{how}").format(
        terminal=last.terminal, branch=last.branch, how=how
    )
    return FlagView(Sign.INFORMATION if last.how == "signed out" else Sign.NOTICE, span, where)
