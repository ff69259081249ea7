"""What a library's numbering is called, how a text is read under it, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from PySide6.QtCore import QCoreApplication

from madoguchi.barcode.code_plan import (
    LONGEST_NUMBER,
    MOST_RULES,
    PRINTED_BY_US,
    PlanError,
    PlanProblem,
    read_plan,
)
from madoguchi.barcode.symbology import (
    CheckDigit,
    CodePlan,
    CodeRule,
    CommandCode,
    Isbn,
    Issn,
    ItemCode,
    Letters,
    Magazine,
    Meaning,
    PatronCode,
    StaffCode,
    Symbology,
    Unknown,
    UnknownReason,
    parse,
)
from madoguchi.barcode.wedge import WedgeSettings

translate = QCoreApplication.translate


def meaning(means: Meaning) -> str:
    """What a number is the number of."""
    return {
        Meaning.PATRON: translate("Office", "利用者番号"),
        Meaning.ITEM: translate("Office", "資料番号"),
        Meaning.STAFF: translate("Office", "職員番号（カード）"),
        Meaning.ISBN: "ISBN",
        Meaning.ISSN: "ISSN",
        Meaning.MAGAZINE: translate("Office", "雑誌の市販バーコード"),
    }[means]


def symbology(which: Symbology) -> str:
    """How its bars are called."""
    return {
        Symbology.NW7: translate("Office", "NW-7（コーダバー）"),
        Symbology.CODE39: "Code 39",
        Symbology.CODE128: "Code 128",
        Symbology.EAN13: "EAN-13（JAN）",
    }[which]


def check(scheme: CheckDigit) -> str:
    """What a check digit is called in the settings of scanners and printers."""
    return {
        CheckDigit.NONE: translate("Office", "なし"),
        CheckDigit.MODULUS_10_2_1_SPLIT: translate("Office", "モジュラス10 ウェイト2-1 分割（ルーンズ）"),
        CheckDigit.MODULUS_10_2_1_WHOLE: translate("Office", "モジュラス10 ウェイト2-1 一括"),
        CheckDigit.MODULUS_10_3_1: translate("Office", "モジュラス10 ウェイト3-1"),
        CheckDigit.SEVEN_DR: "7DR",
        CheckDigit.SEVEN_DSR: "7DSR",
        CheckDigit.NINE_DR: "9DR",
        CheckDigit.NINE_DSR: "9DSR",
        CheckDigit.MODULUS_11: translate("Office", "モジュラス11"),
        CheckDigit.WEIGHTED_MODULUS_11: translate("Office", "加重モジュラス11"),
        CheckDigit.MODULUS_16: translate("Office", "モジュラス16"),
        CheckDigit.MODULUS_43: translate("Office", "モジュラス43"),
        CheckDigit.ISBN_10: "ISBN-10",
        CheckDigit.ISSN: "ISSN",
        CheckDigit.EAN_13: "EAN-13",
    }[scheme]


def letters(rule: CodeRule) -> str:
    """What a scan of it has around it; empty where there are no such letters."""
    if rule.symbology is not Symbology.NW7:
        return ""
    around = f"{rule.start}…{rule.stop}"
    return {
        Letters.ANY: translate("Office", "問わない（{around}）"),
        Letters.OWN: translate("Office", "付く（{around}）"),
        Letters.STRIPPED: translate("Office", "取れる（{around}）"),
    }[rule.letters].format(around=around)


def rule(which: CodeRule) -> str:
    """A rule in one line."""
    return translate("Office", "{means} {prefix}… {length}けた {symbology}").format(
        means=meaning(which.means),
        prefix=which.prefix,
        length=which.length,
        symbology=symbology(which.symbology),
    )


def shortly(plan_text: str) -> str:
    """A plan for the record of changes."""
    if not plan_text:
        return translate("Office", "なし")
    try:
        rules = read_plan(plan_text).rules
    except PlanError:
        return translate("Office", "読めない内容")
    return translate("Office", "、").join(
        translate("Office", "{means} {prefix}… {length}けた").format(
            means=meaning(each.means), prefix=each.prefix, length=each.length
        )
        for each in rules
    )


def problem(error: PlanError) -> str:
    """Why a rule or a plan is refused."""
    about = [rule(each) for each in error.rules]
    first, second = about[:1] or [""], about[1:] or [""]
    return {
        PlanProblem.NOT_OURS: translate("Office", "ISBN や雑誌の番号には、規則は要りません。"),
        PlanProblem.PREFIX: translate(
            "Office", "先頭の文字は数字です（Code 39 と Code 128 では英大文字も）。"
        ),
        PlanProblem.LETTER: translate("Office", "スタート・ストップ文字は A〜D です。"),
        PlanProblem.LENGTH: translate(
            "Office",
            "全体のけた数です。先頭の文字とチェックデジットのほかに1けた以上、全体で{longest}けたまで。",
        ),
        PlanProblem.MODULUS_16: translate("Office", "モジュラス16は NW-7 だけのものです。"),
        PlanProblem.MODULUS_43: translate("Office", "モジュラス43は Code 39 と Code 128 だけのものです。"),
        PlanProblem.EAN_13: translate("Office", "EAN-13 のチェックデジットは EAN-13 です。"),
        PlanProblem.CHECK: translate(
            "Office", "このけた数や文字には、このチェックデジットを付けられません。"
        ),
        PlanProblem.OVERLAP: translate(
            "Office",
            "同じ文字列が、どちらにもなります：{first} と {second}。先頭の文字かけた数で分けてください。",
        ),
        PlanProblem.ON_BOOKS: translate(
            "Office", "本や雑誌に印刷されたバーコードと同じ形になります：{first}"
        ),
        PlanProblem.COMMAND_PREFIX: translate("Office", "操作コードの先頭の文字が正しくありません。"),
        PlanProblem.COMMAND_OVERLAP: translate("Office", "操作コードと同じ形になります：{first}"),
        PlanProblem.NO_PLAN: translate("Office", "規則は1〜{most}個です。"),
    }[error.problem].format(first=first[0], second=second[0], most=MOST_RULES, longest=LONGEST_NUMBER)


FIELDS = {
    PlanProblem.PREFIX: "prefix",
    PlanProblem.LETTER: "start",
    PlanProblem.LENGTH: "length",
    PlanProblem.MODULUS_16: "check",
    PlanProblem.MODULUS_43: "check",
    PlanProblem.EAN_13: "check",
    PlanProblem.CHECK: "check",
}
"""Under which field of a rule's form a problem is said; others are said of the whole."""


def reading(text_untrusted: str, plan: CodePlan) -> str:
    """How a text is read under a plan, or why it is not."""
    code = parse(text_untrusted, plan)
    match code:
        case ItemCode(number):
            return _number(Meaning.ITEM, number, plan)
        case PatronCode(number):
            return _number(Meaning.PATRON, number, plan)
        case StaffCode(number):
            return _number(Meaning.STAFF, number, plan)
        case Isbn(isbn13):
            return translate("Office", "ISBN と読みます：{number}").format(number=isbn13)
        case Issn():
            return translate("Office", "ISSN と読みます：{number}　号 {issue}").format(
                number=code.issn, issue=code.issue or "—"
            )
        case Magazine():
            return translate("Office", "雑誌の市販バーコードと読みます：{code}　本体価格 {price}").format(
                code=code.written, price="—" if code.price_yen is None else f"{code.price_yen:,}"
            )
        case CommandCode():
            # what stands behind the prefix, never the prefix
            return translate("Office", "操作コードと読みます：{name}").format(name=code.name)
    return _why_not(code)


def _number(means: Meaning, number: str, plan: CodePlan) -> str:
    under = next(each for each in plan.rules if each.means is means and each.fits(number))
    return translate("Office", "{means}と読みます：{number}　規則 {rule}").format(
        means=meaning(means), number=number, rule=rule(under)
    )


def _why_not(code: Unknown) -> str:
    like = meaning(code.looked_like) if code.looked_like is not None else ""
    return {
        UnknownReason.EMPTY: translate("Office", "何もありません。"),
        UnknownReason.TOO_LONG: translate("Office", "読みません：長すぎます。"),
        UnknownReason.CONTROL_CHARACTERS: translate("Office", "読みません：制御文字が入っています。{shown}"),
        UnknownReason.DIRECTION_MARKS: translate("Office", "読みません：見えない文字が入っています。{shown}"),
        UnknownReason.WRONG_CHECK_DIGIT: translate(
            "Office", "読みません：{like}の形ですが、チェックデジットが違います。{shown}"
        ),
        UnknownReason.WRONG_LENGTH: translate(
            "Office", "読みません：{like}に似ていますが、けた数が違います。{shown}"
        ),
        UnknownReason.LETTERS: translate(
            "Office", "読みません：{like}の形ですが、前後の文字が規則と違います。{shown}"
        ),
        UnknownReason.PRICE_ROW: translate("Office", "読みません：本の2段目の価格バーコードです。{shown}"),
        UnknownReason.NOT_A_CODE: translate("Office", "読みません：どの番号の形でもありません。{shown}"),
    }[code.reason].format(like=like, shown=code.shown)


def choices() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """What can be chosen in a rule's form, by line."""

    def pairs(words: Mapping[Enum, str]) -> tuple[tuple[str, str], ...]:
        return tuple((str(key.value), word) for key, word in words.items())

    return {
        "means": pairs({means: meaning(means) for means in PRINTED_BY_US}),
        "symbology": pairs({which: symbology(which) for which in Symbology}),
        "check": pairs({scheme: check(scheme) for scheme in CheckDigit}),
        "letters": pairs(
            {
                Letters.ANY: translate("Office", "問わない"),
                Letters.OWN: translate("Office", "付いて届く"),
                Letters.STRIPPED: translate("Office", "スキャナーが取る"),
            }
        ),
    }


def short(which: CodeRule) -> str:
    """What a number has that is too short to be told from typing by its timing; empty: it is long enough."""
    if which.length >= WedgeSettings().min_length:
        return ""
    return translate("Office", "キーボード方式では、覚えたスキャナだけが読みます")


def length_hint() -> str:
    """What is counted, and how short a number may be."""
    return translate(
        "Office", "{n}けたより短い番号は、キーボード方式では、覚えたスキャナだけが読みます。"
    ).format(n=WedgeSettings().min_length)


def rule_gone() -> str:
    """The rule of an open form is in the plan no more."""
    return translate("Office", "この規則は、もうありません。とじて、一覧を見てください。")
