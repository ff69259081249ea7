"""What is said while an exception is asked for and approved, and while files are copied. Pure wording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from madoguchi.app.devices.approving import ApproverProblem
from madoguchi.app.devices.copying import DEEPEST, MOST_LISTED
from madoguchi.app.devices.fields import LONGEST_REASON, MINUTES, DeviceProblem
from madoguchi.app.devices.values import DeviceRefusal, UsbException
from madoguchi.app.devices.virus_check import CheckVerdict
from madoguchi.app.staff.session import SignedInElsewhere
from madoguchi.barcode.safe_text import show
from madoguchi.device_control.channel import DeviceSeen
from madoguchi.widgets import device_words, wording
from madoguchi.widgets.look.record_views import FormLine, FormView, LineKind
from madoguchi.widgets.look.views import AnswerView, QuestionView, Sign, SignInView, StripView, Tone

translate = QCoreApplication.translate

MINUTES_KEY, REASON_KEY = "minutes", "reason"
_USUAL_MINUTES = 15


def ask_form(
    device: DeviceSeen,
    typed: Mapping[str, str] | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    message: str = "",
    busy: bool = False,
) -> FormView:
    """The form by which a stick is asked for."""
    typed, errors = typed or {}, errors or {}
    note = translate(
        "Devices",
        "使う USB メモリー: {device}（{id}、製造番号 {serial}）\n"
        "このあと、セキュリティ責任者がこの端末で承認します。個人の名前は書かないでください。",
    ).format(
        device=device_words.called(device),
        id=device.id_text,
        serial=show(device.serial_untrusted) or "—",
    )
    return FormView(
        translate("Devices", "データ移行の例外を申請"),
        (
            FormLine(
                MINUTES_KEY,
                translate("Devices", "使う時間（分）"),
                LineKind.NUMBER,
                typed.get(MINUTES_KEY, str(_USUAL_MINUTES)),
                required=True,
                hint=translate("Devices", "{least}〜{most}分").format(
                    least=MINUTES.start, most=MINUTES.stop - 1
                ),
                error=errors.get(MINUTES_KEY, ""),
            ),
            FormLine(
                REASON_KEY,
                translate("Devices", "わけ"),
                LineKind.TEXT,
                typed.get(REASON_KEY, ""),
                required=True,
                hint=translate("Devices", "何を、どこへ移すか。{n}文字まで。").format(n=LONGEST_REASON),
                error=errors.get(REASON_KEY, ""),
            ),
        ),
        translate("Devices", "申請する"),
        note,
        message=message,
        busy=busy,
    )


def problem(which: DeviceProblem) -> str:
    """What is right for a field."""
    return {
        DeviceProblem.NEEDED: translate("Devices", "入力してください。"),
        DeviceProblem.TOO_LONG: translate("Devices", "長すぎます。"),
        DeviceProblem.NOT_PLAIN: translate("Devices", "見えない文字、引用符、\\ は使えません。"),
        DeviceProblem.NO_SERIAL: translate("Devices", "製造番号のない USB メモリーは登録できません。"),
        DeviceProblem.UNREADABLE: translate("Devices", "機器の説明が読めません。"),
        DeviceProblem.MINUTES: translate("Devices", "{least}〜{most} の数を入れてください。").format(
            least=MINUTES.start, most=MINUTES.stop - 1
        ),
        DeviceProblem.NOT_A_DAY: translate("Devices", "2027-03-31 か 3/31 のように入れてください。"),
        DeviceProblem.TO_COME: translate("Devices", "まだ来ていない日です。"),
    }[which]


def refusal(why: DeviceRefusal) -> str:
    """Why the server did not do it."""
    return {
        DeviceRefusal.NOT_ALLOWED: translate("Devices", "この役割では行えません。"),
        DeviceRefusal.BAD_VALUE: translate("Devices", "サーバーがこの内容を受け付けません。"),
        DeviceRefusal.SESSION_ENDED: translate("Devices", "サインインが切れました。もう一度どうぞ。"),
        DeviceRefusal.TOO_MANY: translate("Devices", "申請が多すぎます。しばらく待ってください。"),
        DeviceRefusal.LABEL_TAKEN: translate("Devices", "この管理ラベルは、ほかの機器に使われています。"),
        DeviceRefusal.ENROLLED_ALREADY: translate("Devices", "この機器は、もう登録されています。"),
        DeviceRefusal.NO_SERIAL: translate("Devices", "製造番号のない USB メモリーは登録できません。"),
        DeviceRefusal.NO_SUCH_DEVICE: translate("Devices", "その機器は、もう台帳にありません。"),
        DeviceRefusal.DISPOSED: translate("Devices", "廃棄した機器です。"),
        DeviceRefusal.LENT_ALREADY: translate("Devices", "もう貸し出しています。"),
        DeviceRefusal.NOT_LENT: translate("Devices", "貸し出していません。"),
        DeviceRefusal.NO_KEY: translate("Devices", "この端末の USB 管理は、サーバーに登録されていません。"),
        DeviceRefusal.FORGED: translate(
            "Devices", "この端末の USB 管理からの申請と確かめられません。システム担当に連絡してください。"
        ),
        DeviceRefusal.NOT_REGISTERED: translate(
            "Devices", "台帳にない USB メモリーです。システム担当に登録してもらってください。"
        ),
        DeviceRefusal.INTERFACES_DIFFER: translate(
            "Devices", "登録した USB メモリーを名のる、別の機器です。抜いてシステム担当に渡してください。"
        ),
        DeviceRefusal.NO_SUCH_EXCEPTION: translate("Devices", "その申請はありません。"),
        DeviceRefusal.OPEN_ELSEWHERE: translate(
            "Devices",
            "この USB メモリーは、ほかの端末で使用中です。抜いてシステム担当に渡してください。",
        ),
        DeviceRefusal.OWN_REQUEST: translate("Devices", "申請した本人は承認できません。"),
        DeviceRefusal.DECIDED_ALREADY: translate("Devices", "もう決まっています。"),
        DeviceRefusal.TOO_LATE: translate(
            "Devices", "申請から10分を超えました。はじめからやり直してください。"
        ),
        DeviceRefusal.REQUESTER_GONE: translate("Devices", "申請した職員のサインインが終わっています。"),
        DeviceRefusal.NOT_OPEN: translate("Devices", "例外はもう終わっています。"),
        DeviceRefusal.MALFORMED: translate("Devices", "規則の書き方が違います。"),
        DeviceRefusal.OLDER: translate("Devices", "規則の版が、いまのものより新しくありません。"),
    }[why]


def no_server() -> str:
    """Nothing new while the server is out of reach."""
    return translate(
        "Devices", "サーバーに届かないので、新しい例外は始められません。回線が戻ってからどうぞ。"
    )


def no_agent() -> str:
    """There is nobody who could open it."""
    return device_words.agent_refusal(None)


# -- the approver ------------------------------------------------------------------------------------------


def approver_view(device: DeviceSeen, minutes: int, *, message: str = "", busy: bool = False) -> SignInView:
    """The panel at which the second person signs in."""
    note = translate(
        "Devices",
        "申請した職員とは別の人が、自分の職員番号とパスワードで承認します。"
        "Esc で申請を取り下げます。バーコードでは承認できません。",
    )
    return SignInView(
        translate("Devices", "例外の承認（セキュリティ責任者）"),
        translate("Devices", "{device}  {n}分間").format(device=device_words.called(device), n=minutes),
        message=message,
        note=note,
        busy=busy,
    )


def approver_problem(why: ApproverProblem) -> str:
    """Why somebody did not come in to approve."""
    return {
        ApproverProblem.NOT_KNOWN: translate(
            "Devices", "職員番号かパスワードが違うか、使えない職員番号です。"
        ),
        ApproverProblem.OWN_LOGIN: translate(
            "Devices", "申請した本人は承認できません。別の人がサインインしてください。"
        ),
        ApproverProblem.WRONG_ROLE: translate("Devices", "承認できるのはセキュリティ責任者だけです。"),
        ApproverProblem.PASSWORD_NEEDED: translate(
            "Devices", "先に自分のサインインで、新しいパスワードを決めてください。"
        ),
        ApproverProblem.TERMINAL: translate("Devices", "この端末では承認できません。"),
        ApproverProblem.SESSION_ENDED: translate("Devices", "サインインが切れました。もう一度どうぞ。"),
    }[why]


def undecided() -> str:
    """The second person was signed in and has not answered."""
    return translate("Devices", "答えがないので、承認する人のサインインを終えました。")


def approver_elsewhere(answer: SignedInElsewhere, now: dt.datetime) -> QuestionView:
    """Whether the approver's session at another terminal is to end; F9 changes nothing."""
    detail = translate("Devices", "{terminal}（{branch}）で、{since} から").format(
        terminal=answer.terminal, branch=answer.branch, since=wording.moment(answer.since, now)
    )
    return QuestionView(
        translate("Devices", "承認する人は、別の端末でサインインしています"),
        detail,
        AnswerView(translate("Devices", "終了しない"), translate("Devices", "承認の画面に戻ります")),
        AnswerView(translate("Devices", "そちらを終了する"), translate("Devices", "ここで承認に進みます")),
        sign=Sign.NOTICE,
    )


def approval(asked: UsbException, approver: str) -> QuestionView:
    """Whether to approve what the server says is asked. The reason is read whole, however long it is."""
    stick = translate("Devices", "{label}（{id}、製造番号 {serial}、管理 {owner}）を {n}分間。").format(
        label=show(asked.device_label),
        id=asked.usb_id,
        serial=show(asked.serial) or "—",
        owner=show(asked.device_owner),
        n=asked.minutes,
    )
    why = translate("Devices", "申請: {name}（{login}）  わけ: {reason}").format(
        name=asked.name, login=asked.login, reason=asked.reason
    )
    return QuestionView(
        translate("Devices", "USB メモリーの例外を承認しますか"),
        f"{stick} {why}",
        AnswerView(translate("Devices", "承認しない"), translate("Devices", "記録に残ります")),
        AnswerView(translate("Devices", "承認する"), translate("Devices", "すぐに使えるようになります")),
        sign=Sign.NOTICE,
        hint=translate("Devices", "承認: {approver}").format(approver=approver),
    )


def not_approved_strip() -> StripView:
    """The second person said no."""
    return StripView(Tone.NOTICE, translate("Devices", "承認されませんでした"))


def no_without_answer() -> str:
    """The second person said no; whether the server has it nobody knows."""
    return translate("Devices", "「承認しない」が記録されたかどうか、サーバーから答えがありません。")


def taken_back_strip() -> StripView:
    """Whoever asked does not want it any more."""
    return StripView(Tone.NOTICE, translate("Devices", "申請を取り下げました"))


def failed_strip(message: str) -> StripView:
    """It came to nothing."""
    return StripView(Tone.REFUSED, translate("Devices", "例外は始まっていません"), message)


def no_scans() -> str:
    """A code was read while somebody approves."""
    return translate("Devices", "承認の間は読み取りません。")


# -- copying -----------------------------------------------------------------------------------------------


def no_check_strip() -> StripView:
    """Nothing is copied unchecked."""
    return StripView(
        Tone.REFUSED,
        translate("Devices", "コピーできません"),
        translate("Devices", "この端末にはウイルス検査（virus_check）の設定がありません"),
        side_first=translate("Devices", "システム担当に連絡"),
    )


def unreadable_strip(why: str) -> StripView:
    """Stick or folder cannot be read."""
    return StripView(Tone.REFUSED, translate("Devices", "ファイルを読めません"), show(why))


def copying_strip(done: int, of: int) -> StripView:
    """Files are on their way."""
    return StripView(
        Tone.PENDING,
        translate("Devices", "検査してコピーしています"),
        translate("Devices", "{done}／{of}件").format(done=done, of=of),
        side_first=translate("Devices", "F11 で中止します"),
    )


def not_noted_strip(*, line_down: bool) -> StripView:
    """Nothing is copied that the server does not note."""
    if line_down:
        return StripView(
            Tone.REFUSED,
            translate("Devices", "コピーできません"),
            translate("Devices", "サーバーに届かないので記録できません。回線が戻ってからどうぞ"),
        )
    return StripView(
        Tone.REFUSED,
        translate("Devices", "コピーを止めました"),
        translate("Devices", "サーバーが記録を受け付けません。USB メモリーを閉じました"),
        side_first=translate("Devices", "システム担当に連絡"),
    )


def more_files_strip(count: int) -> StripView:
    """The list does not show all that is there."""
    return StripView(
        Tone.NOTICE,
        translate("Devices", "一覧に出ないファイルがあります"),
        translate("Devices", "出ているのは {n}件です").format(n=count),
    )


def copied_strip(
    count: int, verdict: CheckVerdict, why: str, *, coming: bool, folder: str, more: bool = False
) -> StripView:
    """What came of copying; ``more``: of all that the list showed, and it did not show everything."""
    number = translate("Devices", "{n}件").format(n=count)
    if verdict is CheckVerdict.CLEAN:
        word = translate("Devices", "取り込みました") if coming else translate("Devices", "書き出しました")
        left = translate("Devices", "一覧に出ないファイルが残っています") if more else ""
        return StripView(
            Tone.NOTICE if more else Tone.DONE,
            word,
            number,
            side_first=folder if coming else "",
            side_second=left,
        )
    if verdict is CheckVerdict.FOUND:
        return StripView(
            Tone.REFUSED,
            translate("Devices", "ウイルス検査で止めました"),
            translate("Devices", "そのファイルはコピーしていません。USB メモリーを閉じました"),
            side_first=translate("Devices", "Shift+F11 で報告してください"),
            side_second=translate("Devices", "コピーしたのは {number}").format(number=number),
        )
    if verdict is CheckVerdict.CANCELLED:
        return StripView(Tone.NOTICE, translate("Devices", "コピーを中止しました"), number)
    return StripView(
        Tone.REFUSED,
        translate("Devices", "コピーできませんでした"),
        show(why) if why else translate("Devices", "ウイルス検査が終わりません"),
        side_first=translate("Devices", "コピーしたのは {number}").format(number=number),
    )


def files_note(*, coming: bool, folder: str, more: bool = False) -> str:
    """What stands above the files to choose from; ``more``: there are others."""
    if coming:
        said = translate("Devices", "検査してから {folder} に入れます。")
    else:
        said = translate("Devices", "{folder} のファイルを、検査してから USB メモリーに書きます。")
    # first, for a folder's name may be long
    return (_more_files() if more else "") + said.format(folder=folder)


def _more_files() -> str:
    return translate(
        "Devices",
        "ほかにもあります（一覧は {files}件、フォルダー {folders}段まで。「.」で始まるものは出ません）。",
    ).format(files=MOST_LISTED, folders=DEEPEST)
