"""How USB stands at this terminal: in the top bar, the banner, the list of devices. Pure wording."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from madoguchi.device_control.channel import AgentState, DeviceSeen, Ended, Shortfall
from madoguchi.device_control.decide import Why
from madoguchi.widgets.banner import with_more
from madoguchi.widgets.device_words import called, kinds, state, what_to_do, why
from madoguchi.widgets.look.record_views import Column, Record, TableView
from madoguchi.widgets.look.views import (
    BannerView,
    IndicatorView,
    Sign,
    StripView,
    Tone,
)

translate = QCoreApplication.translate

DEVICES_KEY: Final = "Shift+F8"

ON_WINDOWS: Final[bool] = sys.platform == "win32"
"""There no kernel's parameter is missing: Windows has nothing like it."""


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


# -- the top bar and the banner --------------------------------------------------------------------------


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
    return view is not None and view.key in (DEVICES_KEY, "") and view.word in said


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
    if ON_WINDOWS:
        words[Shortfall.NO_FLOOR] = "Windows"
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
    if ON_WINDOWS:
        words[Shortfall.NO_FLOOR] = translate(
            "Devices",
            "Windows の端末です。新しい機器を止めるのは Windows の設定だけで、その働きは未確認です。",
        )
        words[Shortfall.NO_POLICY] = translate("Devices", "規則がまだ効いていません。")
    said, *others = [words[word] for word in why if word in words] or [""]
    for sentence in others:
        said = translate("Devices", "{said}{sentence}").format(said=said, sentence=sentence)
    return said


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


def with_devices(view: BannerView | None, words: tuple[str, str], *, here: bool = False) -> BannerView | None:
    """The banner with what is to be said of USB; ``here``: on the page that its button would lead to."""
    key = ("", "") if here else (DEVICES_KEY, translate("Devices", "USB"))
    return with_more(view, Sign.REFUSED, words, key)


# -- the list of devices ---------------------------------------------------------------------------------


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
        # the countdown stands in the top bar: a table that is another one each second cannot be read
        return translate("Devices", "例外で使用中です。離席や終了で、すぐに使えなくなります。")
    return translate(
        "Devices", "登録のない機器は使えません。データの移行は、登録した USB メモリーで申請します。"
    )


# -- what comes of it ------------------------------------------------------------------------------------


def begun_strip(minutes: int) -> StripView:
    """The stick is open."""
    return StripView(
        Tone.DONE,
        translate("Devices", "USB メモリーが使えます"),
        translate("Devices", "{n}分間").format(n=minutes),
        side_first=translate("Devices", "F10 で取り込み、F9 で書き出し"),
    )


def ended_strip(how: Ended, *, cut_off: bool = False) -> StripView:
    """The stick is closed again; ``cut_off``: the window has ended it since the server cannot be reached."""
    words = {
        Ended.TIME: translate("Devices", "時間が来ました"),
        Ended.RELEASED: translate("Devices", "終えました"),
        Ended.DEVICE_GONE: translate("Devices", "USB メモリーが抜かれました"),
        Ended.AGENT_ENDED: translate("Devices", "USB 管理が止まりました"),
    }
    why = words.get(how, "")
    if cut_off and how is Ended.RELEASED:
        why = translate("Devices", "サーバーに届かないので終えました")
    return StripView(
        Tone.NOTICE,
        translate("Devices", "USB の例外が終わりました"),
        why,
        side_first=translate("Devices", "USB メモリーを抜いて、返してください"),
    )


def warning_strip(seconds: int) -> StripView:
    """It ends in a minute."""
    return StripView(
        Tone.NOTICE,
        translate("Devices", "USB の例外は、あと {left} で終わります").format(left=clock(seconds)),
        translate("Devices", "途中のコピーは失われます"),
    )
