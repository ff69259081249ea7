"""The forms of what is done about a patron, and what is said when it is done. Pure wording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from madoguchi.app.patrons.answers import Note, PatronFile, Relative
from madoguchi.app.patrons.form import PatronField
from madoguchi.app.patrons.person import Person, Proof
from madoguchi.widgets import patron_views as rows
from madoguchi.widgets import patron_words as words
from madoguchi.widgets import register_form
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind
from madoguchi.widgets.look.views import StripView, Tone

translate = QCoreApplication.translate

CARD, WHAT, PROOF, KIND, TEXT, ENDS_ON, SURE = "card", "what", "proof", "kind", "text", "ends_on", "sure"
NEW_CARD, PRINT_NEW, ONLY_LOST = "new", "print", "lost"
MEMO, BLOCK = "memo", "block"
FAMILY, PICK_UP = "family", "pick_up"
SAID = "said"

Choices = tuple[tuple[str, str], ...]


_CHANGED = tuple(
    field.value for field in PatronField if field not in (PatronField.CARD_NUMBER, PatronField.PROOF)
)


def _proofs(choices: Choices, *, proof_needed: bool) -> Choices:
    """That none is needed is no choice for whoever has left junior high school: the server refuses it."""
    return tuple(each for each in choices if not proof_needed or each[0] != Proof.NOT_NEEDED)


def change_values(person: Person) -> dict[str, str]:
    """What is kept of a person, as it stands in the form."""
    values = {
        PatronField.NAME: person.name,
        PatronField.KANA: person.kana,
        PatronField.BIRTH_DATE: words.day(person.birth_date),
        PatronField.POSTAL_CODE: person.postal_code,
        PatronField.ADDRESS: person.address,
        PatronField.TELEPHONE: person.telephone,
        PatronField.EMAIL: person.email,
        PatronField.CATEGORY: person.category.value,
        PatronField.NOTICE_BY: person.notice_by.value,
    }
    return {field.value: text for field, text in values.items()}


def change_form(
    values: Mapping[str, str], categories: Sequence[tuple[str, str]], *, proof_needed: bool
) -> FormView:
    """What is kept of a person, as at registration; the card has its own form."""
    form = register_form.form(values, categories)
    lines = []
    for line in form.lines:
        if line.key == PatronField.PROOF.value:
            hint = translate("Patrons", "今日確かめたときだけ選びます")
            choices = _proofs(line.choices, proof_needed=proof_needed)
            lines.append(replace(line, required=False, hint=hint, choices=choices))
        elif line.key in _CHANGED:
            lines.append(replace(line, hint="" if line.key != PatronField.NAME.value else line.hint))
    return replace(
        form,
        heading=translate("Patrons", "変更"),
        note=translate("Patrons", "変わったところだけを直してください。"),
        lines=tuple(lines),
        submit=translate("Patrons", "変更する"),
    )


def card_form(file: PatronFile) -> FormView:
    """A card is lost: a new one, or only that it is."""
    choices = [
        (NEW_CARD, translate("Patrons", "印刷済みの新しいカードを渡す")),
        (PRINT_NEW, translate("Patrons", "この場で印刷して渡す（F11）")),
    ]
    if file.card_number:
        choices.append((ONLY_LOST, translate("Patrons", "紛失の届けだけ")))
    return FormView(
        heading=translate("Patrons", "カード紛失・再発行"),
        note=translate("Patrons", "今までの番号は、どの窓口でも使えなくなります。元には戻せません。"),
        lines=(
            FormLine(
                CARD,
                translate("Patrons", "新しい利用者番号"),
                LineKind.NUMBER,
                hint=translate("Patrons", "新しいカードを読み取ると入ります"),
            ),
            FormLine(
                WHAT, translate("Patrons", "行うこと"), LineKind.ONE_OF, NEW_CARD, choices=tuple(choices)
            ),
        ),
        submit=translate("Patrons", "決定する"),
    )


def print_card_form(file: PatronFile) -> FormView:
    """The card that they have is printed once more."""
    return FormView(
        heading=translate("Patrons", "カードを印刷"),
        note=translate(
            "Patrons",
            "{name} の今の番号 {number} のカードを印刷します。番号は変わりません。\n"
            "うまく刷れなかったカードは、切ってから捨ててください。",
        ).format(name=file.name, number=file.card_number),
        lines=(),
        submit=translate("Patrons", "印刷する"),
    )


def renew_form(file: PatronFile, *, proof_needed: bool) -> FormView:
    """The address was proved again."""
    return FormView(
        heading=translate("Patrons", "更新"),
        note=translate("Patrons", "いまの有効期限は {day} です。番号などは控えません。").format(
            day=words.day(file.valid_until)
        ),
        lines=(
            FormLine(
                PROOF,
                translate("Patrons", "住所を確かめたもの"),
                LineKind.ONE_OF,
                required=True,
                choices=_proofs(
                    tuple(
                        (kind.value, words.proof(kind))
                        # that none is needed is rare, and not what is chosen by a slip
                        for kind in sorted(Proof, key=lambda kind: kind is Proof.NOT_NEEDED)
                    ),
                    proof_needed=proof_needed,
                ),
            ),
        ),
        submit=translate("Patrons", "更新する"),
    )


def note_form() -> FormView:
    """A note, or a block."""
    return FormView(
        heading=translate("Patrons", "メモ・利用停止"),
        note=translate("Patrons", "書いた人と日付が残ります。本人が見てもよい言葉で書いてください。"),
        lines=(
            FormLine(
                KIND,
                translate("Patrons", "種類"),
                LineKind.ONE_OF,
                MEMO,
                required=True,
                choices=(
                    (MEMO, translate("Patrons", "メモ")),
                    (BLOCK, translate("Patrons", "利用停止（貸出と予約を止める）")),
                ),
            ),
            FormLine(TEXT, translate("Patrons", "内容・理由"), LineKind.LONG, required=True),
            FormLine(
                ENDS_ON,
                translate("Patrons", "いつまで"),
                LineKind.NUMBER,
                hint=translate("Patrons", "その日まで有効。1203 や 2027/3/31。空欄なら解除するまで"),
            ),
        ),
        submit=translate("Patrons", "記録する"),
    )


def end_note_form(note: Note) -> FormView:
    """A note or a block is ended."""
    return FormView(
        heading=translate("Patrons", "利用停止を解除") if note.blocks else translate("Patrons", "メモを解除"),
        note=translate("Patrons", "{text}\n{author} {day}").format(
            text=note.text, author=note.author, day=words.day(note.made_on)
        ),
        lines=(),
        submit=translate("Patrons", "解除する"),
    )


def tie_form() -> FormView:
    """Another patron becomes one of the family, or picks up."""
    return FormView(
        heading=translate("Patrons", "家族・受取人"),
        note=translate("Patrons", "登録しても、貸出や住所は互いに見えません。"),
        lines=(
            FormLine(
                CARD,
                translate("Patrons", "相手の利用者番号"),
                LineKind.NUMBER,
                required=True,
                hint=translate("Patrons", "相手のカードを読み取ると入ります"),
            ),
            FormLine(
                KIND,
                translate("Patrons", "続柄・同意"),
                LineKind.ONE_OF,
                FAMILY,
                required=True,
                choices=(
                    (FAMILY, translate("Patrons", "家族にする")),
                    (PICK_UP, translate("Patrons", "受取人にする（本人が同意した）")),
                ),
            ),
        ),
        submit=translate("Patrons", "登録する"),
    )


def leave_family_form(file: PatronFile) -> FormView:
    """The patron is of no family any more."""
    return FormView(
        heading=translate("Patrons", "家族から外す"),
        note=translate("Patrons", "{name} を家族から外します。ほかの家族はそのままです。").format(
            name=file.name
        ),
        lines=(),
        submit=translate("Patrons", "外す"),
    )


def web_password_form(file: PatronFile) -> FormView:
    """A one-time password is printed for the patron; nobody here sees it."""
    return FormView(
        heading=translate("Patrons", "仮パスワード発行"),
        note=translate(
            "Patrons",
            "{name} の仮パスワードを作り、レシートプリンターで印刷します。画面には出ません。\n"
            "前のパスワードはすぐに使えなくなります。紙は本人に渡してください。",
        ).format(name=file.name),
        lines=(),
        submit=translate("Patrons", "発行して印刷"),
    )


def end_pick_up_form(other: Relative) -> FormView:
    """Somebody does not pick up any more."""
    return FormView(
        heading=translate("Patrons", "受取人から外す"),
        note=translate("Patrons", "{name} は、この利用者の予約を受け取れなくなります。").format(
            name=other.name
        ),
        lines=(),
        submit=translate("Patrons", "外す"),
    )


def withdraw_form(file: PatronFile) -> FormView:
    """Somebody leaves the library for good."""
    return FormView(
        heading=translate("Patrons", "退会"),
        note=translate(
            "Patrons",
            "{name} の氏名・住所・連絡先・カード・予約・メモ・家族のつながりを消去します。"
            "元には戻せません。統計の数だけが残ります。",
        ).format(name=file.name),
        lines=(
            FormLine(
                SURE,
                translate("Patrons", "確認"),
                LineKind.SOME_OF,
                required=True,
                choices=((SAID, translate("Patrons", "本人に説明し、申し出を確かめた")),),
            ),
        ),
        submit=translate("Patrons", "退会手続きをする"),
    )


# -- what is right --------------------------------------------------------------------------------------


def card_needed() -> str:
    """What is right for the number of a card."""
    return translate("Patrons", "カードを読み取るか、利用者番号を入力してください")


def not_right() -> str:
    """Several lines are wrong."""
    return translate("Patrons", "印のついたところを直してください。まだ変更していません。")


def choose_one() -> str:
    """What is right where one is to be chosen."""
    return translate("Patrons", "選んでください")


def text_needed() -> str:
    """What is right for the text of a note."""
    return translate("Patrons", "内容を入力してください")


def text_too_long(most: int) -> str:
    """What is right for the text of a note that is too long."""
    return translate("Patrons", "{most}字までにしてください").format(most=most)


def no_day() -> str:
    """What is right for the last day of a note."""
    return translate("Patrons", "今日か先の日を、1203 や 2027/3/31 のように入力してください")


def be_sure() -> str:
    """What is right before somebody's record is erased."""
    return translate("Patrons", "説明して確かめたら、スペースキーで選んでください")


# -- what became of it ----------------------------------------------------------------------------------


def done_strip(act: str, name: str, kept: int = 0) -> StripView:
    """It is done; ``kept`` copies that were kept for somebody who withdrew are for whoever is next."""
    word = {
        rows.CARD: translate("Patrons", "新しいカードを登録しました"),
        ONLY_LOST: translate("Patrons", "紛失を記録しました"),
        rows.RENEW: translate("Patrons", "更新しました"),
        rows.ADD_NOTE: translate("Patrons", "メモを記録しました"),
        rows.END_NOTE: translate("Patrons", "解除しました"),
        rows.TIE: translate("Patrons", "登録しました"),
        rows.LEAVE_FAMILY: translate("Patrons", "家族から外しました"),
        rows.END_PICK_UP: translate("Patrons", "受取人から外しました"),
        rows.WITHDRAW: translate("Patrons", "退会しました"),
        rows.CHANGE: translate("Patrons", "変更しました"),
        rows.WEB_PASSWORD: translate("Patrons", "仮パスワードを印刷しました"),
    }[act]
    if kept:
        return StripView(
            Tone.NOTICE,
            word,
            translate("Patrons", "取置・配送中だった資料 {n}点").format(n=kept),
            side_first=translate("Patrons", "F2「返却」で読み取ると"),
            side_second=translate("Patrons", "次の行き先が出ます"),
        )
    return StripView(Tone.DONE, word, name)


def no_web_password() -> tuple[str, str]:
    """None is made, and why."""
    return (
        translate("Patrons", "仮パスワードを発行できません"),
        translate("Patrons", "練習用の図書館では発行できません。それ以外では権限を確かめてください"),
    )


def not_printed_strip(why: str) -> StripView:
    """A one-time password was made and is not on paper: nobody has it."""
    return StripView(
        Tone.REFUSED,
        translate("Patrons", "仮パスワードを印刷できませんでした"),
        why,
        translate("Patrons", "もう一度発行してください"),
    )


def printing() -> str:
    """What holds while the printer works."""
    return translate("Patrons", "印刷しています。")


def not_printed(why: str) -> str:
    """In the form: what to do next."""
    again = translate("Patrons", "もう一度発行すると新しい仮パスワードになり、前のものは使えません。")
    return f"{why}\n{again}"


def not_done_strip(state: str, detail: str) -> StripView:
    """It is not, and why."""
    return StripView(Tone.REFUSED, state, detail, translate("Patrons", "変更していません"))


def under_way_strip(heading: str) -> StripView:
    """The form is shut, and what was sent is not answered yet."""
    return StripView(
        Tone.PENDING,
        translate("Patrons", "送信中"),
        heading,
        side_first=translate("Patrons", "結果はこの帯に出ます"),
    )


def perhaps_done() -> str:
    """It was sent before the clerk left, and nobody knows what came of it."""
    return translate(
        "Patrons",
        "離席の前に送りましたが、結果が届いていません。\n"
        "もう一度 F10 を押すと、二重にならずに確かめられます。",
    )


def outage() -> str:
    """What holds while the line is down."""
    return translate(
        "Patrons",
        "まだ記録していません。回線がつながりしだい記録します。\nここを閉じても、結果は下の帯に出ます。",
    )


def once_more() -> str:
    """What is typed would be lost."""
    return translate("Patrons", "もう一度 Esc を押すと、入力したものが消えます。")


def fault() -> str:
    """A bug was met."""
    return translate("Patrons", "記録できたかどうか分かりません。利用者を開きなおして確かめてください。")
