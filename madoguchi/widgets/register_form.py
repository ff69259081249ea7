"""The form of a registration (利用者登録), and what is said of it. Pure wording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from madoguchi.app.patrons.answers import PatronRefusal
from madoguchi.app.patrons.birth_dates import BirthDateProblem
from madoguchi.app.patrons.form import PatronField, PatronProblem, Problems
from madoguchi.app.patrons.likeness import Alike, Compared, Match
from madoguchi.app.patrons.person import Category, NoticeBy, Proof
from madoguchi.app.patrons.postal import PostalProblem
from madoguchi.widgets import card_words, patron_words
from madoguchi.widgets.look.alike_panel import Agreement, AlikeField, AlikeView
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind
from madoguchi.widgets.look.views import RailItem, StripView, Tone

translate = QCoreApplication.translate

SAME, NEW = "same_person", "new"
"""The line that asks whether it is somebody who is there, and its answer that it is not."""
TOWN = "town"
"""The line that asks which town it is, where a postal code has several."""

SAME_BY = (PatronField.KANA.value, PatronField.BIRTH_DATE.value)
"""The lines by which somebody is the same."""
CHOSEN_BEFOREHAND = (
    PatronField.CATEGORY.value,
    PatronField.PROOF.value,
    PatronField.NOTICE_BY.value,
    card_words.PRINT,
)

_NUMBERS = (
    PatronField.CARD_NUMBER,
    PatronField.POSTAL_CODE,
    PatronField.TELEPHONE,
    PatronField.EMAIL,
)
_REQUIRED = (
    PatronField.CARD_NUMBER,
    PatronField.NAME,
    PatronField.KANA,
    PatronField.BIRTH_DATE,
    PatronField.ADDRESS,
    PatronField.CATEGORY,
    PatronField.PROOF,
)
_BEFOREHAND = {PatronField.NOTICE_BY: NoticeBy.TELEPHONE.value}
_HALF = (
    PatronField.CARD_NUMBER,
    PatronField.NAME,
    PatronField.KANA,
    PatronField.BIRTH_DATE,
    PatronField.POSTAL_CODE,
    PatronField.TELEPHONE,
    PatronField.EMAIL,
)
_TAKEN_OVER = (PatronField.POSTAL_CODE, PatronField.ADDRESS, PatronField.TELEPHONE, PatronField.NOTICE_BY)
_OPEN_KEY = "F9"


def form(
    values: Mapping[str, str], categories: Sequence[tuple[str, str]], *, member: int | None = None
) -> FormView:
    """The form, filled with what is known already; ``member``: the how-manieth of a family it is."""
    choices = {
        PatronField.CATEGORY: tuple(categories) or _own_categories(),
        # that none is needed follows from the birth date: what is chosen by hand comes first
        PatronField.PROOF: tuple(
            (each.value, patron_words.proof(each))
            for each in (*(proof for proof in Proof if proof is not Proof.NOT_NEEDED), Proof.NOT_NEEDED)
        ),
        PatronField.NOTICE_BY: tuple((each.value, patron_words.notice_by(each)) for each in NoticeBy),
    }
    lines = [FormLine(SAME, same_person(), LineKind.ONE_OF, required=True)]
    for field, label in _labels().items():
        lines.append(
            FormLine(
                field.value,
                label,
                LineKind.ONE_OF
                if field in choices
                else LineKind.BIRTH_DATE
                if field is PatronField.BIRTH_DATE
                else LineKind.NUMBER
                if field in _NUMBERS
                else LineKind.TEXT,
                values.get(field.value) or _BEFOREHAND.get(field, ""),
                # a card that is printed here gets its number by itself
                required=field in _REQUIRED
                and not (field is PatronField.CARD_NUMBER and values.get(card_words.PRINT)),
                hint=_hints().get(field, ""),
                choices=choices.get(field, ()),
                half=field in _HALF,
            )
        )
        if field is PatronField.CARD_NUMBER:
            lines.append(card_words.print_line(values.get(card_words.PRINT, "")))
        if field is PatronField.POSTAL_CODE:
            lines.append(FormLine(TOWN, translate("Patrons", "町名"), LineKind.ONE_OF))
    family = translate("Patrons", "家族 {count}人目。住所と電話を引き継ぎました。").format(count=member)
    return FormView(
        heading=translate("Patrons", "利用者登録"),
        note=family if member is not None else "",
        lines=tuple(lines),
        submit=translate("Patrons", "登録する"),
    )


def done_form(name: str, card: str, printing: str = "") -> FormView:
    """Somebody is registered; the next of the family is one key away. ``printing``: of their card."""
    who = translate("Patrons", "{name} さん {card}").format(name=name, card=card)
    return FormView(
        heading=translate("Patrons", "登録しました"),
        note="\n".join(part for part in (who, printing) if part),
        lines=(),
        submit=translate("Patrons", "家族を続けて登録"),
        cancel=translate("Patrons", "終わる"),
    )


def taken_over(values: Mapping[str, str]) -> dict[str, str]:
    """What the next of a family begins with: where they live, and the family name with its reading."""
    kept = {field.value: values.get(field.value, "") for field in _TAKEN_OVER}
    if kept[PatronField.NOTICE_BY.value] == NoticeBy.MAIL.value:
        # a mail address is one's own, and mail goes nowhere without one
        del kept[PatronField.NOTICE_BY.value]
    kept[card_words.PRINT] = values.get(card_words.PRINT, "")
    for field in (PatronField.NAME, PatronField.KANA):
        family, space, _ = values.get(field.value, "").strip().replace("\u3000", " ").partition(" ")
        if space:
            kept[field.value] = family + " "
    return {key: text for key, text in kept.items() if text}


def _labels() -> dict[PatronField, str]:
    return {
        PatronField.CARD_NUMBER: translate("Patrons", "利用者番号"),
        PatronField.NAME: translate("Patrons", "氏名"),
        PatronField.KANA: translate("Patrons", "フリガナ"),
        PatronField.BIRTH_DATE: translate("Patrons", "生年月日"),
        PatronField.POSTAL_CODE: translate("Patrons", "郵便番号"),
        PatronField.ADDRESS: translate("Patrons", "住所"),
        PatronField.TELEPHONE: translate("Patrons", "電話番号"),
        PatronField.EMAIL: translate("Patrons", "メール"),
        PatronField.CATEGORY: translate("Patrons", "区分"),
        PatronField.PROOF: translate("Patrons", "確認した書類"),
        PatronField.NOTICE_BY: translate("Patrons", "連絡方法"),
    }


def _hints() -> dict[PatronField, str]:
    return {
        PatronField.CARD_NUMBER: translate("Patrons", "読み取ると、どこからでも入ります"),
        PatronField.NAME: translate("Patrons", "姓と名の間を空けます"),
        PatronField.KANA: translate("Patrons", "氏名の変換から入ります"),
        PatronField.BIRTH_DATE: birth_hint(),
        PatronField.POSTAL_CODE: translate("Patrons", "7桁で住所が入ります"),
        PatronField.PROOF: translate("Patrons", "種類だけを記録します。番号は控えません"),
    }


def _own_categories() -> tuple[tuple[str, str], ...]:
    return tuple((each.value, _category(each)) for each in Category)


def _category(category: Category) -> str:
    return {
        Category.RESIDENT: translate("Patrons", "市内在住"),
        Category.CHILD: translate("Patrons", "児童"),
        Category.WIDE_AREA: translate("Patrons", "広域利用"),
        Category.COMMUTER: translate("Patrons", "在勤・在学"),
        Category.GROUP: translate("Patrons", "団体"),
    }[category]


def register_key() -> RailItem:
    """F9 while no form is open."""
    return RailItem(9, translate("Patrons", "新規登録"))


def back_key() -> RailItem:
    """F9 while a form waits behind what is in sight."""
    return RailItem(9, translate("Patrons", "登録に戻る"), translate("Patrons", "登録へ"), offered=True)


def open_key(*, enabled: bool) -> RailItem:
    """F9 while the form is open: the likely record instead."""
    return RailItem(
        9, translate("Patrons", "似た人を開く"), translate("Patrons", "似た人"), enabled, offered=enabled
    )


# -- while it is typed ---------------------------------------------------------------------------------


def birth_hint() -> str:
    """How a date may be typed."""
    return translate("Patrons", "S55.4.1、R8/4/1、1980/4/1")


def understood(date: dt.date, age: int) -> str:
    """What of a date of birth was understood."""
    return translate("Patrons", "{year}年{month}月{day}日・{age}歳").format(
        year=date.year, month=date.month, day=date.day, age=age
    )


def postal_hint() -> str:
    """What a postal code does."""
    return _hints()[PatronField.POSTAL_CODE]


def no_address(problem: PostalProblem) -> str:
    """Why a postal code brought no address."""
    if problem is PostalProblem.UNKNOWN_CODE:
        return translate("Patrons", "住所が見つかりません。番号を確かめるか、住所を入力してください")
    if problem is PostalProblem.UNAVAILABLE:
        return translate("Patrons", "住所の一覧を読めません。住所を入力してください")
    return postal_hint()


def alike_hint() -> str:
    """What the panel beside the form is there for."""
    return translate("Patrons", "フリガナと、生年月日か電話番号を入れると、よく似た利用者がここに出ます。")


def alike_view(found: Sequence[Alike]) -> AlikeView | None:
    """The likeliest one, field by field, and who else may be."""
    if not found:
        return None
    first = found[0].compared
    compared = (
        (PatronField.NAME, first.name, first.name_match),
        (PatronField.KANA, first.kana, first.kana_match),
        (PatronField.BIRTH_DATE, "", first.birth_match),
        (PatronField.TELEPHONE, "", first.telephone_match),
        (PatronField.ADDRESS, "", first.address_match),
    )
    fields = [AlikeField(_labels()[field], value, _AGREES[match]) for field, value, match in compared]
    fields.append(AlikeField(translate("Patrons", "番号の末尾"), first.number_end or "－", None))
    different = [_labels()[field] for field, _, match in compared if match is Match.DIFFERENT]
    apart = translate("Patrons", "違う: {fields}").format(fields="・".join(different)) if different else ""
    return AlikeView(
        heading=translate("Patrons", "よく似た利用者がいます"),
        note=translate("Patrons", "同じ人か確かめてください"),
        fields=tuple(fields),
        key=_OPEN_KEY,
        key_word=translate("Patrons", "この人を開く（入力は残ります）"),
        short="　".join(part for part in (_who(first), apart) if part),
        others=tuple(_who(each.compared) for each in found[1:]),
    )


_AGREES = {
    Match.UNKNOWN: Agreement.UNKNOWN,
    Match.DIFFERENT: Agreement.DIFFERENT,
    Match.NEAR: Agreement.NEAR,
    Match.SAME: Agreement.SAME,
}


def _who(compared: Compared) -> str:
    return f"{compared.name} …{compared.number_end}" if compared.number_end else compared.name


# -- what is wrong with it -----------------------------------------------------------------------------


def errors(problems: Problems) -> dict[str, str]:
    """A sentence of what is right for each field that is wrong."""
    return {
        field.value: _problem(
            PatronProblem.NOT_A_CHOICE
            if field.value in CHOSEN_BEFOREHAND and problem is PatronProblem.NEEDED
            else problem
        )
        for field, problem in problems.items()
    }


def summary(problems: Problems) -> str:
    """How many places are wrong, and which."""
    labels = [label for field, label in _labels().items() if field in problems]
    return translate("Patrons", "{count}か所を直してください。まだ登録していません。\n{fields}").format(
        count=len(labels), fields="・".join(labels)
    )


def _problem(problem: PatronProblem) -> str:
    if problem.value in set(BirthDateProblem):
        return patron_words.birth_problem(BirthDateProblem(problem.value))
    return {
        PatronProblem.NEEDED: translate("Patrons", "入力してください"),
        PatronProblem.TOO_LONG: translate("Patrons", "長すぎます。短くしてください"),
        PatronProblem.NOT_A_CARD: translate("Patrons", "カードを読み取るか、利用者番号を入力してください"),
        PatronProblem.AN_ITEMS_NUMBER: translate(
            "Patrons", "これは資料番号です。利用者カードを読み取ってください"
        ),
        PatronProblem.CARD_CHECK_DIGIT: translate(
            "Patrons", "検査数字が合いません。読み取りなおしてください"
        ),
        PatronProblem.CARD_LENGTH: translate("Patrons", "桁数が合いません。読み取りなおしてください"),
        PatronProblem.NOT_KANA: translate("Patrons", "かなで入力してください"),
        PatronProblem.KANA_WITHOUT_SPACE: translate(
            "Patrons", "氏名と同じように、姓と名の間を空けてください"
        ),
        PatronProblem.NOT_A_POSTAL_CODE: translate("Patrons", "数字7桁で入力してください"),
        PatronProblem.NOT_A_TELEPHONE: translate(
            "Patrons", "0 から始まる番号を、市外局番から入力してください"
        ),
        PatronProblem.TELEPHONE_LENGTH: translate("Patrons", "市外局番から10桁か11桁で入力してください"),
        PatronProblem.NEEDED_FOR_NOTICES: translate(
            "Patrons", "連絡に使います。入力するか、連絡方法を選びなおしてください"
        ),
        PatronProblem.NOT_AN_EMAIL: translate("Patrons", "name@example.jp のように半角で入力してください"),
        PatronProblem.PROOF_NEEDED: translate("Patrons", "高校生からは必要です。書類を選んでください"),
        PatronProblem.NOT_A_CHOICE: translate("Patrons", "一つ選んでください"),
    }[problem]


def wrong_strip(problems: Problems) -> StripView:
    """Nobody is registered; how much is to be put right, and what then."""
    return StripView(
        Tone.NOTICE,
        translate("Patrons", "登録していません"),
        translate("Patrons", "{count}か所を直してください").format(count=len(problems)),
        side_first=translate("Patrons", "直したら F10"),
    )


def typing_strip() -> StripView:
    """The strip while somebody is typed."""
    return StripView(Tone.IDLE, translate("Patrons", "入力したら F10 で登録します"))


def done_strip() -> StripView:
    """The strip when the clerk comes back to whoever is registered."""
    return StripView(Tone.IDLE, translate("Patrons", "家族を続けて登録するなら F10、終わるなら Esc"))


def same_person() -> str:
    """Somebody with this reading and birth date is there."""
    return translate("Patrons", "同じフリガナと生年月日の利用者がいます")


def same_choices(patron_id: int, who: str) -> tuple[tuple[str, str], ...]:
    """The two answers; nothing is answered beforehand."""
    them = translate("Patrons", "同じ人。{who} を開く").format(who=who or translate("Patrons", "その人"))
    return ((str(patron_id), them), (NEW, translate("Patrons", "別の人として登録")))


def which_one() -> str:
    """What is to be answered."""
    return translate("Patrons", "どちらか選び、もう一度 F10 を押してください")


def refused_field(refusal: PatronRefusal) -> str:
    """The line that a refusal is about; empty: it is about all of it."""
    return {
        PatronRefusal.CARD_TAKEN: PatronField.CARD_NUMBER.value,
        PatronRefusal.CARD_LOST: PatronField.CARD_NUMBER.value,
        PatronRefusal.WRONG_CATEGORY: PatronField.CATEGORY.value,
        PatronRefusal.PROOF_NEEDED: PatronField.PROOF.value,
    }.get(refusal, "")


def refused(refusal: PatronRefusal, *, printed: bool = False) -> str:
    """Why nobody was registered, and what to do; ``printed``: the number was that of a card to be printed."""
    said = card_words.number_taken() if printed else patron_words.refused(refusal)
    return translate("Patrons", "{state}。{detail}").format(state=said.state, detail=said.detail)


def refused_strip(refusal: PatronRefusal, *, printed: bool = False) -> StripView:
    """Nobody is; whom it was about stands nowhere."""
    return StripView(
        Tone.REFUSED, translate("Patrons", "登録していません"), refused(refusal, printed=printed)
    )


def same_person_strip() -> StripView:
    """Nobody is, and the form is not open any more."""
    return StripView(Tone.REFUSED, translate("Patrons", "登録していません"), same_person())


def registered_strip(name: str, card: str) -> StripView:
    """Somebody is registered."""
    return StripView(Tone.DONE, translate("Patrons", "登録しました"), name, card)


def lost_card_strip() -> StripView:
    """The card that was read is reported lost."""
    return patron_words.refused_strip(PatronRefusal.CARD_LOST)


def outage() -> str:
    """What holds while the line is down."""
    return translate(
        "Patrons",
        "まだ登録していません。回線がつながりしだい登録します。\nここを閉じても、結果は下の帯に出ます。",
    )


def fault() -> str:
    """A bug was met."""
    return translate("Patrons", "登録できたかどうか分かりません。利用者番号を読み取って確かめてください。")


def once_more() -> str:
    """What is typed would be lost."""
    return translate(
        "Patrons",
        "もう一度 Esc を押すと、入力したものが消えます。\n"
        "ほかの F キーでページを移っても、入力はここに残ります。",
    )
