"""What the window says of USB devices, of their protection and of an exception. Pure: values in, words out.

What a device calls itself is anybody's text: it is shown in quotation marks, cut, and in characters that can
be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication

from madoguchi.app.devices.copying import Listed
from madoguchi.barcode.safe_text import SHOWN_AT_MOST, show
from madoguchi.device_control.channel import DeviceSeen
from madoguchi.device_control.client import AgentRefused
from madoguchi.device_control.decide import Why
from madoguchi.widgets.look.record_views import Column, FormView, Mark, Record, TableView
from madoguchi.widgets.look.veil import hidden_word
from madoguchi.widgets.look.views import (
    RailItem,
    StripView,
    Tone,
)

translate = QCoreApplication.translate

DEVICES_KEY: Final = "Shift+F8"


# -- a device ----------------------------------------------------------------------------------------------


def called(device: DeviceSeen) -> str:
    """What a device calls itself, in quotation marks; one that says nothing by its numbers."""
    name = " ".join(filter(None, (device.maker_untrusted.strip(), device.name_untrusted.strip())))
    if not name:
        return translate("Devices", "名のらない機器（{id}）").format(id=device.id_text)
    return translate("Devices", "「{name}」").format(name=show(name))


def kinds(device: DeviceSeen) -> str:
    """What it could do, by the classes of its interfaces."""
    words = {
        "01": translate("Devices", "音声"),
        "02": translate("Devices", "通信"),
        "03": translate("Devices", "入力（キーボードなど）"),
        "06": translate("Devices", "画像・携帯機器"),
        "07": translate("Devices", "プリンター"),
        "08": translate("Devices", "記憶装置"),
        "09": translate("Devices", "ハブ"),
        "0a": translate("Devices", "通信"),
        "0b": translate("Devices", "IC カード"),
        "0e": translate("Devices", "映像"),
        "e0": translate("Devices", "無線"),
    }
    bases = [str(interface)[:2] for interface in device.interfaces]
    found = dict.fromkeys(words.get(base, translate("Devices", "独自の機能")) for base in bases)
    return translate("Devices", "、").join(found) or translate("Devices", "読めない機器")


def state(device: DeviceSeen) -> tuple[str, Mark]:
    """How a device stands."""
    if device.lease:
        return translate("Devices", "例外で使用中"), Mark.NOTICE
    if device.allowed:
        return translate("Devices", "使用可"), Mark.GOOD
    return translate("Devices", "遮断"), Mark.WRONG


def why(device: DeviceSeen) -> str:
    """Why it stands so."""
    words = {
        Why.RULE: translate("Devices", "規則「{rule}」"),
        Why.BLOCK_RULE: translate("Devices", "規則「{rule}」で遮断"),
        Why.NO_RULE: translate("Devices", "登録がありません"),
        Why.KEYBOARD_AND_MORE: translate("Devices", "キーボードに別の機能が付いています"),
        Why.SECOND_KEYBOARD: translate("Devices", "2台目のキーボードです"),
        Why.HUB: translate("Devices", "登録のないハブです"),
        Why.CHANGED: translate("Devices", "途中で別の機器に変わりました"),
        Why.UNREADABLE: translate("Devices", "機器の説明が読めません"),
        Why.NOT_KEPT: translate("Devices", "記録が書けません"),
        Why.LEASE: translate("Devices", "承認された例外"),
        Why.ROOT_HUB: translate("Devices", "本体の差込口"),
        Why.RESCUE: translate("Devices", "救済の起動"),
    }
    return words[device.why].format(rule=show(device.rule))


def is_stick(device: DeviceSeen) -> bool:
    """Whether it is a stick and nothing else: what an exception can be asked for."""
    bases = [str(interface)[:2] for interface in device.interfaces]
    return bool(bases) and all(base == "08" for base in bases)


def what_to_do(device: DeviceSeen) -> str:
    """What whoever stands there does about a blocked device."""
    if device.why in (Why.KEYBOARD_AND_MORE, Why.SECOND_KEYBOARD, Why.CHANGED, Why.UNREADABLE):
        return translate(
            "Devices", "抜いて、システム担当に渡してください。心当たりがなければ Shift+F11 で報告"
        )
    return translate("Devices", "抜いてください。心当たりがなければ Shift+F11 で報告")


def details(device: DeviceSeen) -> str:
    """All that is known of a device, a line each."""
    word, _ = state(device)
    said = (
        (translate("Devices", "メーカーの名のり"), show(device.maker_untrusted) or "—"),
        (translate("Devices", "製品の名のり"), show(device.name_untrusted) or "—"),
        (translate("Devices", "製造番号の名のり"), show(device.serial_untrusted) or "—"),
        (translate("Devices", "番号"), device.id_text),
        (translate("Devices", "機能"), kinds(device)),
        (translate("Devices", "インターフェース"), ", ".join(map(str, device.interfaces))[:200] or "—"),
        (translate("Devices", "差込口"), device.port),
        (translate("Devices", "状態"), word),
        (translate("Devices", "わけ"), why(device)),
    )
    lines = [f"{label}: {text}" for label, text in said]
    if not device.allowed:
        lines += ["", what_to_do(device)]
    return "\n".join(lines)


def whole_form(device: DeviceSeen) -> FormView:
    """A device, whole."""
    return FormView(called(device), (), translate("Devices", "閉じる"), details(device))


# -- the keys of the page ----------------------------------------------------------------------------------


def no_key(number: int) -> RailItem:
    """A key that does nothing now."""
    return RailItem(number, "—", enabled=False)


def ask_key(*, enabled: bool) -> RailItem:
    """Asks for an exception."""
    return RailItem(10, translate("Devices", "例外を申請"), translate("Devices", "申請"), enabled)


def copy_in_key(*, enabled: bool) -> RailItem:
    """Copies from the stick."""
    return RailItem(10, translate("Devices", "取り込む"), "", enabled)


def copy_out_key(*, enabled: bool) -> RailItem:
    """Copies to the stick."""
    return RailItem(9, translate("Devices", "書き出す"), "", enabled)


def release_key() -> RailItem:
    """Ends an exception before its time."""
    return RailItem(11, translate("Devices", "例外を終える"), translate("Devices", "終える"))


def stop_key() -> RailItem:
    """Stops a copy that is under way."""
    return RailItem(11, translate("Devices", "コピーを中止"), translate("Devices", "中止"))


def copy_key(*, enabled: bool) -> RailItem:
    """Copies the chosen file."""
    return RailItem(10, translate("Devices", "コピーする"), translate("Devices", "コピー"), enabled)


def copy_all_key(*, enabled: bool) -> RailItem:
    """Copies every file of the list."""
    return RailItem(9, translate("Devices", "すべてコピー"), translate("Devices", "すべて"), enabled)


def back_key() -> RailItem:
    """Back to the page before."""
    return RailItem(11, translate("Devices", "前の画面へ"), translate("Devices", "戻る"))


def idle_strip() -> StripView:
    """The strip while nothing has happened."""
    return StripView(Tone.IDLE, translate("Devices", "↑↓ で選び、Enter で詳しく見ます"))


def nothing_to_read_strip() -> StripView:
    """Something was read where devices are looked at."""
    return StripView(
        Tone.NOTICE,
        translate("Devices", "ここでは読み取りません"),
        translate("Devices", "F1「貸出」などへ移ってから読み取ってください"),
    )


def line_down_words() -> str:
    """What holds on this page while the line is down."""
    return translate("Devices", "サーバーに届かない間は、新しい例外は始められません")


# -- what comes of things ----------------------------------------------------------------------------------


def agent_refusal(refused: AgentRefused | None) -> str:
    """Why the agent did not do it; None: it is not there."""
    if refused is None:
        return translate("Devices", "USB 管理に届きません。システム担当に連絡してください。")
    return {
        "no_such_device": translate("Devices", "その機器はもう差し込まれていません。差し直してください。"),
        "not_a_stick": translate("Devices", "USB メモリーではないので、例外にはできません。"),
        "already": translate("Devices", "ほかの例外が続いています。終えてから申請してください。"),
        "not_protected": translate("Devices", "この端末は保護されていないので、例外は始められません。"),
        "no_such_nonce": translate("Devices", "申請が古くなりました。はじめからやり直してください。"),
        "mac": translate("Devices", "承認を確かめられません。システム担当に連絡してください。"),
        "gone": translate("Devices", "USB メモリーが抜かれました。はじめからやり直してください。"),
        "late": translate("Devices", "承認まで10分を超えました。はじめからやり直してください。"),
        "not_kept": translate("Devices", "USB 管理が記録を書けません。システム担当に連絡してください。"),
        "none": translate("Devices", "例外はもう終わっています。"),
    }.get(
        refused.word,
        translate("Devices", "USB 管理が受け付けません（{word}）。").format(word=show(refused.word)),
    )


def files_table(files: Sequence[Listed], *, coming: bool, word: str, veiled: bool = False) -> TableView:
    """Files to choose from: on the stick (``coming``), or in this terminal's folder; ``veiled``: unnamed."""
    heading = translate("Devices", "USB メモリーのファイル")
    if not coming:
        heading = translate("Devices", "この端末の受け渡しフォルダーのファイル")
    return TableView(
        heading,
        word,
        (
            Column("name", translate("Devices", "ファイル"), 12),
            Column("size", translate("Devices", "大きさ"), 3, number=True),
        ),
        tuple(
            Record(
                str(place),
                (hidden_word() if veiled else show_path(each.path_untrusted), size(each.size)),
            )
            for place, each in enumerate(files)
        ),
        translate("Devices", "ファイルはありません。"),
    )


def show_path(path_untrusted: str) -> str:
    """The end of a path, which tells files apart and says of what sort one is: 40 characters at most."""
    whole = "".join(map(show, path_untrusted[: SHOWN_AT_MOST + 1]))
    if len(whole) <= SHOWN_AT_MOST and len(path_untrusted) <= SHOWN_AT_MOST:
        return whole
    shown = ""
    for character in reversed(path_untrusted):
        piece = show(character)
        if len(piece) + len(shown) >= SHOWN_AT_MOST:
            break
        shown = piece + shown
    return "…" + shown


def size(of_bytes: int) -> str:
    """A file's size."""
    if of_bytes < 1_000_000:
        return translate("Devices", "{n} KB").format(n=f"{max(1, round(of_bytes / 1000)):,}")
    return translate("Devices", "{n} MB").format(n=f"{of_bytes / 1_000_000:,.1f}")
