"""What the window says of USB devices, of their protection and of an exception. Pure: values in, words out.

What a device calls itself is anybody's text: it is shown in quotation marks, cut, and in characters that can
be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QCoreApplication

from madoguchi.app.devices.copying import Listed
from madoguchi.barcode.safe_text import show
from madoguchi.device_control.channel import AgentState, DeviceSeen, Ended, Shortfall
from madoguchi.device_control.client import AgentRefused
from madoguchi.device_control.decide import Why
from madoguchi.widgets.look.record_views import Column, FormView, Mark, Record, TableView
from madoguchi.widgets.look.views import (
    BannerTone,
    BannerView,
    IndicatorView,
    RailItem,
    Sign,
    StripView,
    Tone,
)

translate = QCoreApplication.translate

DEVICES_KEY: Final = "Shift+F8"


@dataclass(frozen=True, slots=True)
class Standing:
    """How USB stands at this terminal.

    Attributes:
        expected: whether there should be an agent; a training library's terminal has none.
        state: what the agent says; None: it is not there.
        unseen: devices that were blocked since somebody looked at them.
        lease_seconds: how long the exception that is open lasts; None: none is.
    """

    expected: bool = False
    state: AgentState | None = None
    unseen: tuple[DeviceSeen, ...] = ()
    lease_seconds: int | None = None


# -- the top bar and the banner ----------------------------------------------------------------------------


def indicator(standing: Standing) -> IndicatorView:
    """The state in the top bar. What is not in order says so without its label, beside a sign of its own."""
    label, state = translate("Devices", "USB"), standing.state
    if state is None and not standing.expected:
        return IndicatorView(label, translate("Devices", "管理なし"))
    if state is None:
        return _alarm(translate("Devices", "USB 管理停止"), translate("Devices", "停止"))
    if standing.lease_seconds is not None:
        left = clock(standing.lease_seconds)
        long, short = translate("Devices", "USB 例外 {left}"), translate("Devices", "例外 {left}")
        return _alarm(long.format(left=left), short.format(left=left))
    if not state.is_protected:
        word = translate("Devices", "USB 保護なし（{why}）").format(why=short_why(state.why))
        return _alarm(word, translate("Devices", "保護なし"))
    if state.why:
        word = translate("Devices", "USB 全遮断（{why}）").format(why=short_why(state.why))
        return _alarm(word, translate("Devices", "全遮断"))
    if standing.unseen:
        long, short = translate("Devices", "USB 遮断 {n}台"), translate("Devices", "遮断 {n}台")
        return _alarm(long.format(n=len(standing.unseen)), short.format(n=len(standing.unseen)))
    return IndicatorView(label, translate("Devices", "保護中"))


def _alarm(word: str, short: str) -> IndicatorView:
    return IndicatorView(translate("Devices", "USB"), word, ok=False, short=short)


def says_it(view: BannerView | None, standing: Standing) -> bool:
    """Whether the banner's own word is what the top bar says of USB."""
    said = {banner(standing, warned=warned)[0] for warned in (False, True)}
    return view is not None and view.key == DEVICES_KEY and view.word in said


def clock(seconds: int) -> str:
    """Minutes and seconds that are left."""
    return f"{seconds // 60}:{seconds % 60:02}"


def short_why(why: Collection[Shortfall]) -> str:
    """Why a terminal is not protected, in a word or two."""
    words = {
        Shortfall.NO_FLOOR: translate("Devices", "起動設定"),
        Shortfall.USBGUARD: translate("Devices", "USBGuard"),
        Shortfall.RESCUE: translate("Devices", "救済起動"),
        Shortfall.NO_POLICY: translate("Devices", "規則なし"),
        Shortfall.JOURNAL_FULL: translate("Devices", "記録できない"),
    }
    # what opens it before what closes all of it
    return next((word for shortfall, word in words.items() if shortfall in why), "")


def whole_why(why: Collection[Shortfall]) -> str:
    """The same in sentences, for whoever can mend it."""
    words = {
        Shortfall.NO_FLOOR: translate(
            "Devices", "カーネルの起動パラメーター usbcore.authorized_default=0 がありません。"
        ),
        Shortfall.USBGUARD: translate("Devices", "USBGuard が動いています。どちらかを止めてください。"),
        Shortfall.NO_POLICY: translate("Devices", "規則がまだ届いていません。すべての機器を遮断しています。"),
        Shortfall.JOURNAL_FULL: translate("Devices", "記録が書けません。新しい機器はすべて遮断しています。"),
        Shortfall.RESCUE: translate("Devices", "救済の起動です。キーボードだけを通しています。"),
    }
    return "".join(words[word] for word in why if word in words)


def banner(standing: Standing, *, warned: bool) -> tuple[str, str]:
    """What the banner says of USB, and what to do; empty where there is nothing to be said."""
    left = standing.lease_seconds
    if left is not None and warned:
        return (
            translate("Devices", "USB 例外 あと {left}").format(left=clock(left)),
            translate(
                "Devices", "途中のコピーは失われます。続けるには、終わってからもう一度申請してください"
            ),
        )
    if not standing.unseen:
        return "", ""
    last = standing.unseen[-1]
    return (
        translate("Devices", "USB 機器を遮断"),
        translate("Devices", "{device} は使えません。{todo}").format(
            device=called(last), todo=what_to_do(last)
        ),
    )


def what_to_do(device: DeviceSeen) -> str:
    """What whoever stands there does about a blocked device."""
    if device.why in (Why.KEYBOARD_AND_MORE, Why.SECOND_KEYBOARD, Why.CHANGED, Why.UNREADABLE):
        return translate(
            "Devices", "抜いて、システム担当に渡してください。心当たりがなければ Shift+F11 で報告"
        )
    return translate("Devices", "抜いてください。心当たりがなければ Shift+F11 で報告")


def with_devices(view: BannerView | None, words: tuple[str, str]) -> BannerView | None:
    """The banner with what is to be said of USB: alone, or with what else holds."""
    word, detail = words
    if not word:
        return view
    key = DEVICES_KEY, translate("Devices", "USB")
    if view is None:
        return BannerView(BannerTone.SYSTEM, Sign.REFUSED, word, detail, *key)
    joined = translate("Counter", "・").join(filter(None, (word, view.detail)))
    if not view.key:
        return replace(view, detail=joined, key=key[0], key_word=key[1])
    return replace(view, detail=joined)


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


def table(devices: Sequence[DeviceSeen], standing: Standing, *, note: str, spoken: str = "") -> TableView:
    """The devices at this terminal, the blocked ones first; root hubs are nobody's business."""
    shown = sorted(
        (device for device in devices if device.why is not Why.ROOT_HUB),
        key=lambda each: (each.allowed, each.port),
    )
    return TableView(
        translate("Devices", "この端末の USB 機器"),
        note,
        (
            Column("name", translate("Devices", "名のり"), 6),
            Column("kinds", translate("Devices", "機能"), 4),
            Column("state", translate("Devices", "状態"), 3),
            Column("why", translate("Devices", "わけ"), 6),
            Column("id", translate("Devices", "番号"), 3, number=True, spare=True),
            Column("port", translate("Devices", "差込口"), 2, spare=True),
        ),
        tuple(map(record, shown)),
        empty(standing),
        spoken,
    )


def record(device: DeviceSeen) -> Record:
    """One device."""
    word, mark = state(device)
    cells = called(device), kinds(device), word, why(device), device.id_text, device.port
    return Record(device.instance, cells, mark)


def empty(standing: Standing) -> str:
    """What stands where there is no device."""
    if standing.state is not None:
        return translate("Devices", "USB 機器はありません。")
    if standing.expected:
        return translate(
            "Devices",
            "USB 管理に届きません。機器は遮断されたままです。システム担当に連絡してください。",
        )
    return translate("Devices", "この端末には USB 管理がありません。")


def note(standing: Standing) -> str:
    """What stands above the devices."""
    if standing.state is None:
        return ""
    if not standing.state.is_protected:
        return translate("Devices", "保護なし：{why}").format(why=whole_why(standing.state.why))
    if standing.state.why:
        return whole_why(standing.state.why)
    if standing.lease_seconds is not None:
        return translate("Devices", "例外の残り {left}。離席や終了で、すぐに使えなくなります。").format(
            left=clock(standing.lease_seconds)
        )
    return translate(
        "Devices", "登録のない機器は使えません。データの移行は、登録した USB メモリーで申請します。"
    )


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


def begun_strip(minutes: int) -> StripView:
    """The stick is open."""
    return StripView(
        Tone.DONE,
        translate("Devices", "USB メモリーが使えます"),
        translate("Devices", "{n}分間").format(n=minutes),
        side_first=translate("Devices", "F10 で取り込み、F9 で書き出し"),
    )


def ended_strip(how: Ended) -> StripView:
    """The stick is closed again."""
    words = {
        Ended.TIME: translate("Devices", "時間が来ました"),
        Ended.RELEASED: translate("Devices", "終えました"),
        Ended.DEVICE_GONE: translate("Devices", "USB メモリーが抜かれました"),
        Ended.AGENT_ENDED: translate("Devices", "USB 管理が止まりました"),
    }
    return StripView(
        Tone.NOTICE,
        translate("Devices", "USB の例外が終わりました"),
        words.get(how, ""),
        side_first=translate("Devices", "USB メモリーを抜いて、返してください"),
    )


def warning_strip(seconds: int) -> StripView:
    """It ends in a minute."""
    return StripView(
        Tone.NOTICE,
        translate("Devices", "USB の例外は、あと {left} で終わります").format(left=clock(seconds)),
        translate("Devices", "途中のコピーは失われます"),
    )


def files_table(files: Sequence[Listed], *, coming: bool, word: str) -> TableView:
    """Files to choose from: on the stick (``coming``), or in this terminal's folder."""
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
            Record(str(place), (show_path(each.path_untrusted), size(each.size)))
            for place, each in enumerate(files)
        ),
        translate("Devices", "ファイルはありません。"),
    )


def show_path(path_untrusted: str) -> str:
    """The end of a path, which tells files apart: 40 characters at most."""
    name = path_untrusted.rpartition("/")[2]
    return show(path_untrusted if len(path_untrusted) <= 40 else name)


def size(of_bytes: int) -> str:
    """A file's size."""
    if of_bytes < 1_000_000:
        return translate("Devices", "{n} KB").format(n=f"{max(1, round(of_bytes / 1000)):,}")
    return translate("Devices", "{n} MB").format(n=f"{of_bytes / 1_000_000:,.1f}")
