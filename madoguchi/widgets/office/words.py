"""What the office says about what was done, and about a field. Pure: values in, words out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from madoguchi.app.office.checks import FieldProblem
from madoguchi.app.office.values import OfficeRefusal
from madoguchi.app.settings import IDLE_SECONDS
from madoguchi.app.staff.permissions import Role

translate = QCoreApplication.translate


def refusal(why: OfficeRefusal) -> str:
    """Why the server did not do it."""
    return {
        OfficeRefusal.LOGIN_TAKEN: translate("Office", "この職員番号は、もう使われています。"),
        OfficeRefusal.NO_SUCH_ACCOUNT: translate("Office", "その職員は、もう一覧にありません。"),
        OfficeRefusal.NO_SUCH_TERMINAL: translate(
            "Office", "その端末は、もう一覧にないか、状態が変わりました。"
        ),
        OfficeRefusal.CARD_TAKEN: translate("Office", "この職員カードは、ほかの職員のものです。"),
        OfficeRefusal.NO_SUCH_SETTING: translate("Office", "その設定はありません。"),
        OfficeRefusal.CHANGED: translate(
            "Office", "ほかの人が先に変えました。いまの値を確かめて、やり直してください。"
        ),
        OfficeRefusal.BAD_VALUE: translate("Office", "サーバーがこの内容を受け付けません。"),
        OfficeRefusal.NO_SUCH_INCIDENT: translate("Office", "その報告はありません。"),
        OfficeRefusal.TOO_MANY: translate("Office", "1時間に報告できる件数を超えました。"),
        OfficeRefusal.NOT_ALLOWED: translate("Office", "この役割では行えません。"),
    }[why]


def outage() -> tuple[str, str]:
    """The answer did not come: whether it was done is not known."""
    return (
        translate("Office", "回線断：行われたかどうか分かりません"),
        translate("Office", "回線が戻ったら一覧を確かめ、必要ならやり直してください"),
    )


def not_read() -> tuple[str, str]:
    """What was asked for to look at did not come."""
    return translate("Office", "読み込めませんでした"), translate("Office", "F8 で読み直します")


def fault() -> str:
    """The program itself is wrong."""
    return translate("Office", "プログラムの不具合です。一覧を確かめ、システム担当に連絡してください。")


def field_problem(problem: FieldProblem) -> str:
    """What is right for a field."""
    return {
        FieldProblem.NEEDED: translate("Office", "入力してください。"),
        FieldProblem.LOGIN: translate("Office", "英小文字で始まる3〜30字。英小文字、数字、_ が使えます。"),
        FieldProblem.TOO_LONG: translate("Office", "長すぎます。"),
        FieldProblem.NOT_A_DAY: translate("Office", "2027-03-31 か 3/31 のように入れてください。"),
        FieldProblem.CONTRACT_NEEDS_LAST_DAY: translate("Office", "委託職員には契約の最終日が要ります。"),
        FieldProblem.CONTRACT_NEEDS_BRANCHES: translate("Office", "委託職員には働く館が要ります。"),
        FieldProblem.NO_SUCH_BRANCH: translate("Office", "館を選んでください。"),
        FieldProblem.IDLE_SECONDS: translate(
            "Office", "{least}〜{most} 秒。空欄なら、その端末の設定ファイルのとおりです。"
        ).format(least=IDLE_SECONDS.start, most=IDLE_SECONDS.stop - 1),
        FieldProblem.NOT_PLAIN: translate("Office", "見えない文字が入っています。"),
        FieldProblem.CARD: translate("Office", "カードの番号は、英数字で20字までです。"),
        FieldProblem.OUT_OF_RANGE: translate("Office", "範囲の外です。"),
        FieldProblem.GROUP: translate("Office", "英小文字、数字、- で30字まで。空欄なら counters です。"),
        FieldProblem.COMMAND: translate(
            "Office", "例：/usr/bin/clamdscan --fdpass {file}。空欄なら、USB メモリーとのコピーはできません。"
        ),
    }[problem]


def field_problems(problems: Mapping[str, FieldProblem]) -> dict[str, str]:
    """The sentences, by field."""
    return {key: field_problem(problem) for key, problem in problems.items()}


def role(which: Role) -> str:
    """What a role is called."""
    return {
        Role.COUNTER_STAFF: translate("Office", "窓口職員"),
        Role.CONTRACT_STAFF: translate("Office", "委託職員"),
        Role.SYSTEM_STAFF: translate("Office", "システム担当"),
        Role.SECURITY_MANAGER: translate("Office", "セキュリティ責任者"),
    }[which]


def day(date: dt.date | None) -> str:
    """A day with its year: what is looked at here can be long ago."""
    return "" if date is None else f"{date:%Y-%m-%d}"


def moment(at: dt.datetime | None, now: dt.datetime) -> str:
    """A moment to the second, in the zone of ``now``."""
    return "" if at is None else f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M:%S}"


def minute(at: dt.datetime | None, now: dt.datetime) -> str:
    """A moment to the minute, in the zone of ``now``."""
    return "" if at is None else f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
