"""Patrons as their page shows them: who was found, one record, what can be done. Pure wording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from madoguchi.app.patrons.answers import Note, PatronFile, PatronFound, PatronsFound, Relative
from madoguchi.app.patrons.form import PatronField
from madoguchi.app.patrons.person import Person
from madoguchi.widgets import patron_words as words
from madoguchi.widgets import register_form
from madoguchi.widgets.look.person_views import FileView, PersonLine, PersonView
from madoguchi.widgets.look.record_views import Column, Mark, Record, TableView
from madoguchi.widgets.look.veil import hidden_word
from madoguchi.widgets.look.views import FlagView, LoanMeter, PatronView, Sign

translate = QCoreApplication.translate

# The rows of a record. One that is about a note or another person has its key behind a colon.
LEND, CHANGE, RELATIVE, CARD, RENEW = "lend", "change", "relative", "card", "renew"
ADD_NOTE, END_NOTE, TIE, OPEN, END_PICK_UP = "note", "end_note", "tie", "open", "end_pick_up"
LEAVE_FAMILY, WITHDRAW, WEB_PASSWORD = "leave_family", "withdraw", "web_password"
PRINT_CARD = "print_card"
_ABOUT = ":"


def about(act: str, key: object) -> str:
    """The key of a row that is about something."""
    return f"{act}{_ABOUT}{key}"


def act_of(key: str) -> tuple[str, str]:
    """What a row does, and what it is about, if anything."""
    act, _, what = key.partition(_ABOUT)
    return act, what


# -- finding -----------------------------------------------------------------------------------------


def found_table(found: PatronsFound | None, *, empty: str) -> TableView:
    """Those who were found; ``empty`` is what is said where there is nobody."""
    patrons = found.patrons if found is not None else ()
    more = found is not None and found.more
    note = translate("Patrons", "↑↓ で選び Enter で開く。利用者カードを読み取るとその利用者が開きます。")
    if more:
        note = translate("Patrons", "先頭の50人です。文字を足すか、生年月日や電話でしぼれます。")
    return TableView(
        heading=translate("Patrons", "利用者"),
        note=note,
        columns=(
            Column("name", translate("Patrons", "氏名"), 5),
            Column("kana", translate("Patrons", "かな"), 5),
            Column("birth", translate("Patrons", "生年"), 3, number=True),
            Column("number", translate("Patrons", "番号の末尾"), 3, number=True),
        ),
        records=tuple(_found(patron) for patron in patrons),
        empty=empty,
        count=translate("Patrons", "50人以上") if more else "",
    )


def _found(patron: PatronFound) -> Record:
    birth = patron.birth_date
    return Record(
        key=str(patron.patron_id),
        cells=(
            patron.name,
            patron.kana,
            words.day(birth) if birth is not None else str(patron.birth_year),
            f"…{patron.number_end}" if patron.number_end else translate("Patrons", "カードなし"),
        ),
        mark=Mark.NONE if patron.number_end else Mark.OFF,
    )


def veiled_table(view: TableView) -> TableView:
    """The table with as many rows, and nobody in them."""
    hidden = tuple(
        Record(record.key, (hidden_word(), *("" for _ in record.cells[1:])), record.mark)
        for record in view.records
    )
    return replace(view, records=hidden)


def ask_words() -> str:
    """What stands where those who were found will."""
    return translate("Patrons", "かな2文字から、一部でもかまいません。Enter で検索します。")


def looking_words() -> str:
    """It has been asked."""
    return translate("Patrons", "検索しています。")


def nobody_words() -> str:
    """Nobody was found."""
    return translate("Patrons", "見つかりません。かなを減らすか、生年月日や電話の下4桁で探してみてください。")


def outage_words() -> str:
    """The line is down."""
    return translate("Patrons", "回線が切れています。つながりしだい検索します。")


def taken_over(person: Person) -> dict[str, str]:
    """What another of the family begins with."""
    return register_form.taken_over(
        {
            PatronField.NAME.value: person.name,
            PatronField.KANA.value: person.kana,
            PatronField.POSTAL_CODE.value: person.postal_code,
            PatronField.ADDRESS.value: person.address,
            PatronField.TELEPHONE.value: person.telephone,
            PatronField.NOTICE_BY.value: person.notice_by.value,
        }
    )


# -- one record: the panel at the left -----------------------------------------------------------------


def patron_view(file: PatronFile, *, veiled: bool) -> PatronView | None:
    """Who it is, how many loans they have, and what to notice."""
    if veiled:
        return None
    return PatronView(
        kana=file.kana,
        name=file.name,
        number=file.card_number or translate("Patrons", "なし"),
        category=file.category_name,
        valid_until=words.day(file.valid_until),
        meters=(
            LoanMeter(translate("Patrons", "貸出中"), file.open_loans, 0, 0),
            LoanMeter(translate("Patrons", "予約"), file.reservations, 0, 0),
        ),
        flags=tuple(_flags(file)),
        note=translate("Patrons", "／").join(note.text for note in file.notes),
    )


def _flags(file: PatronFile) -> Iterator[FlagView]:
    blocks = [note for note in file.notes if note.blocks]
    if blocks:
        yield FlagView(Sign.REFUSED, translate("Patrons", "利用停止"), _until(blocks[0]))
    if not file.card_number:
        yield FlagView(Sign.NOTICE, translate("Patrons", "使えるカードなし"))
    if file.idle:
        yield FlagView(Sign.NOTICE, translate("Patrons", "期限切れ"), translate("Patrons", "住所確認"))
    if file.overdue_items:
        yield FlagView(Sign.OVERDUE, translate("Patrons", "延滞 {count}点").format(count=file.overdue_items))
    if file.lost_cards:
        yield FlagView(
            Sign.INFORMATION, translate("Patrons", "紛失したカード {count}枚").format(count=file.lost_cards)
        )


def _until(note: Note) -> str:
    if note.ends_on is None:
        return translate("Patrons", "期限なし")
    return translate("Patrons", "{day}まで").format(day=words.day(note.ends_on))


# -- one record: the centre ----------------------------------------------------------------------------


def file_view(file: PatronFile, person: Person | None, *, shown: bool, veiled: bool) -> FileView:
    """The record; ``shown``: what is masked is to be seen, as far as it is known."""
    return FileView(person_view(file, person, shown=shown and not veiled), _table(file, veiled=veiled))


def no_file() -> FileView:
    """Nobody's record is open."""
    return FileView(PersonView("", ""), TableView("", "", (), (), ""))


def person_view(file: PatronFile, person: Person | None, *, shown: bool) -> PersonView:
    """Where they live and how to reach them; nothing of it stands in what is not shown."""
    visible = shown and person is not None
    if person is None or not visible:
        values = [""] * 6
    else:
        address = "  ".join(part for part in (_post(person.postal_code), person.address) if part)
        values = [
            words.born(person.birth_date),
            person.telephone,
            person.email,
            words.notice_by(person.notice_by),
            words.proof(person.proof) if person.proof is not None else "",
            address,
        ]
    labels = (
        translate("Patrons", "生年月日"),
        translate("Patrons", "電話"),
        translate("Patrons", "メール"),
        translate("Patrons", "予約の連絡"),
        translate("Patrons", "住所の確認"),
        translate("Patrons", "住所"),
    )
    if shown and not visible:
        hint = translate("Patrons", "照会しています")
    elif shown:
        hint = translate("Patrons", "F11 をはなすと隠れます（マウスではもう一度押す）")
    else:
        hint = translate("Patrons", "F11 を押している間だけ見えます（マウスでは押すたびに切り替え）")
    lines = zip(labels, values, strict=True)
    return PersonView(
        heading=translate("Patrons", "連絡先"),
        hint=hint,
        lines=tuple(PersonLine(label, value, long=place == 5) for place, (label, value) in enumerate(lines)),
        shown=visible,
    )


def _post(code: str) -> str:
    return f"〒{code[:3]}-{code[3:]}" if code else ""


def _table(file: PatronFile, *, veiled: bool) -> TableView:
    records = (*_notes(file), *_relatives(file), *_acts(file))
    view = TableView(
        heading=translate("Patrons", "記録と手続き"),
        note=translate("Patrons", "↑↓ で選び Enter。Esc で検索に戻ります。"),
        columns=(
            Column("what", translate("Patrons", "手続き"), 4),
            Column("about", translate("Patrons", "内容"), 8),
            Column("until", translate("Patrons", "期限"), 3, number=True),
        ),
        records=records,
        empty="",
        count="",
    )
    if not veiled:
        return view
    hidden = tuple(
        Record(record.key, (record.cells[0], hidden_word(), ""), record.mark) if is_somebodys else record
        for record, is_somebodys in ((record, bool(act_of(record.key)[1])) for record in records)
    )
    return replace(view, records=hidden)


def _notes(file: PatronFile) -> Iterator[Record]:
    for note in sorted(file.notes, key=lambda each: not each.blocks):
        written = translate("Patrons", "{text}（{author} {day}）").format(
            text=note.text, author=note.author, day=words.day(note.made_on)
        )
        yield Record(
            about(END_NOTE, note.id),
            (
                translate("Patrons", "利用停止") if note.blocks else translate("Patrons", "メモ"),
                written,
                words.day(note.ends_on) if note.ends_on is not None else translate("Patrons", "期限なし"),
            ),
            Mark.WRONG if note.blocks else Mark.NOTICE,
        )


def _relatives(file: PatronFile) -> Iterator[Record]:
    for other in file.family:
        yield Record(
            about(OPEN, other.patron_id), (translate("Patrons", "家族"), _relative(other), ""), Mark.NONE
        )
    for other in file.may_pick_up:
        yield Record(
            about(END_PICK_UP, other.patron_id),
            (translate("Patrons", "受取人"), _relative(other), ""),
            Mark.NONE,
        )


def _relative(other: Relative) -> str:
    return translate("Patrons", "{name}（{kana}）").format(name=other.name, kana=other.kana)


def _acts(file: PatronFile) -> Iterator[Record]:
    valid = words.day(file.valid_until)
    rows = [
        (LEND, translate("Patrons", "貸出へ"), translate("Patrons", "この利用者に貸し出す（F10）"), ""),
        (CHANGE, translate("Patrons", "変更"), translate("Patrons", "氏名・住所・電話・区分・連絡方法"), ""),
        (RELATIVE, translate("Patrons", "家族を登録"), translate("Patrons", "住所と電話を引き継ぐ"), ""),
        (
            CARD,
            translate("Patrons", "カード紛失・再発行"),
            translate("Patrons", "古い番号はどこでも使えなくなる"),
            "",
        ),
        (
            RENEW,
            translate("Patrons", "更新"),
            translate("Patrons", "期限切れ。住所を確かめて更新する")
            if file.idle
            else translate("Patrons", "住所を確かめて期限を延ばす"),
            valid,
        ),
        (ADD_NOTE, translate("Patrons", "メモ・利用停止"), translate("Patrons", "書き足す"), ""),
        (
            TIE,
            translate("Patrons", "家族・受取人"),
            translate("Patrons", "相手のカードを読み取って登録"),
            "",
        ),
    ]
    if file.family:
        rows.append(
            (LEAVE_FAMILY, translate("Patrons", "家族から外す"), translate("Patrons", "この利用者を外す"), "")
        )
    if file.card_number:
        rows.append(
            (
                PRINT_CARD,
                translate("Patrons", "カードを印刷"),
                translate("Patrons", "今の番号のカードを、もう一度印刷する"),
                "",
            )
        )
        rows.append(
            (
                WEB_PASSWORD,
                translate("Patrons", "仮パスワード発行"),
                translate("Patrons", "インターネット用を印刷する。画面には出ない"),
                "",
            )
        )
    rows.append((WITHDRAW, translate("Patrons", "退会"), translate("Patrons", "個人の記録を消去する"), ""))
    for key, what, about_it, until in rows:
        mark = Mark.NOTICE if key == RENEW and file.idle else Mark.NONE
        yield Record(key, (what, about_it, until), mark)
