"""What the audit's own words are called. Pure."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate

ACTS: Final = (
    "sign-in",
    "sign-out",
    "session ended",
    "session lost",
    "checkout",
    "checkout called off",
    "return",
    "return undone",
    "renewal",
    "reservation",
    "reservation told",
    "patron registered",
    "patron changed",
    "patron withdrawn",
    "card replaced",
    "card number allotted",
    "item numbers allotted",
    "card lost",
    "card renewed",
    "patron noted",
    "patron blocked",
    "note ended",
    "family linked",
    "family left",
    "pick-up agreed",
    "pick-up ended",
    "override",
    "password changed",
    "account added",
    "account card",
    "account disabled",
    "account last day",
    "account locked",
    "account reset",
    "account unlocked",
    "lock over",
    "terminal enrolled",
    "terminal set",
    "terminal revoked",
    "terminal disconnected",
    "terminal reconnected",
    "setting",
    "setting changed",
    "incident reported",
    "incident closed",
    "audit read",
    "views read",
    "audit exported",
    "audit export",
    "transaction ended",
    "second host gone",
    "second host back",
    "replication login",
    "promoted",
    "backup restored",
    "move in",
    "usb exception asked",
    "usb exception approved",
    "usb exception refused",
    "usb exception taken back",
    "usb challenge forged",
    "usb stick differs",
    "usb files copied",
    "usb records taken",
    "usb records refused",
    "usb device enrolled",
    "usb device lent",
    "usb device returned",
    "usb device disposed of",
    "usb policy put",
    "usb agent key",
)
"""What the server writes as an act; whatever else stands there is shown as it is."""


def act(written: str) -> str:
    """What an act is called."""
    return {
        "sign-in": translate("Office", "サインイン"),
        "sign-out": translate("Office", "サインアウト"),
        "session ended": translate("Office", "サインインの強制終了"),
        "session lost": translate("Office", "接続切れ"),
        "checkout": translate("Office", "貸出"),
        "checkout called off": translate("Office", "貸出の取りやめ"),
        "return": translate("Office", "返却"),
        "return undone": translate("Office", "返却の取り消し"),
        "renewal": translate("Office", "延長"),
        "reservation": translate("Office", "予約"),
        "reservation told": translate("Office", "予約の連絡"),
        "patron registered": translate("Office", "利用者の登録"),
        "patron changed": translate("Office", "利用者の変更"),
        "patron withdrawn": translate("Office", "利用者の退会"),
        "card replaced": translate("Office", "カードの再発行"),
        "card number allotted": translate("Office", "カードの番号の割り当て"),
        "item numbers allotted": translate("Office", "資料ラベルの番号の割り当て"),
        "card lost": translate("Office", "カードの紛失"),
        "card renewed": translate("Office", "カードの更新"),
        "patron noted": translate("Office", "職員メモの記入"),
        "patron blocked": translate("Office", "利用停止"),
        "note ended": translate("Office", "職員メモ・利用停止の終了"),
        "family linked": translate("Office", "家族の登録"),
        "family left": translate("Office", "家族の解除"),
        "pick-up agreed": translate("Office", "代理受取の同意"),
        "pick-up ended": translate("Office", "代理受取の取りやめ"),
        "override": translate("Office", "例外の許可"),
        "password changed": translate("Office", "パスワードの変更"),
        "account added": translate("Office", "職員の追加"),
        "account card": translate("Office", "職員カードの変更"),
        "account disabled": translate("Office", "職員の停止"),
        "account last day": translate("Office", "最終日の変更"),
        "account locked": translate("Office", "失敗によるロック"),
        "account reset": translate("Office", "仮パスワードの発行"),
        "account unlocked": translate("Office", "ロック解除"),
        "lock over": translate("Office", "ロックの時間切れ"),
        "terminal enrolled": translate("Office", "端末の登録"),
        "terminal set": translate("Office", "端末の変更"),
        "terminal revoked": translate("Office", "端末の登録取消"),
        "terminal disconnected": translate("Office", "端末の切り離し"),
        "terminal reconnected": translate("Office", "端末の復帰"),
        "setting": translate("Office", "設定の値"),
        "setting changed": translate("Office", "設定の変更"),
        "incident reported": translate("Office", "事故の報告"),
        "incident closed": translate("Office", "事故への対処"),
        "audit read": translate("Office", "監査記録の検索"),
        "views read": translate("Office", "閲覧記録の検索"),
        "audit exported": translate("Office", "監査記録の書き出し開始"),
        "audit export": translate("Office", "監査記録の書き出し"),
        "transaction ended": translate("Office", "長い処理の打ち切り"),
        "second host gone": translate("Office", "予備サーバーの停止"),
        "second host back": translate("Office", "予備サーバーの復帰"),
        "replication login": translate("Office", "予備サーバーの接続の用意"),
        "promoted": translate("Office", "予備サーバーへの切り替え"),
        "backup restored": translate("Office", "バックアップからの復元"),
        "move in": translate("Office", "旧システムからの移行"),
        "usb exception asked": translate("Office", "USB の例外の申請"),
        "usb exception approved": translate("Office", "USB の例外の承認"),
        "usb exception refused": translate("Office", "USB の例外を承認しない"),
        "usb exception taken back": translate("Office", "USB の例外の取下げ"),
        "usb challenge forged": translate("Office", "USB の例外の偽の申請"),
        "usb stick differs": translate("Office", "登録と違う USB メモリー"),
        "usb files copied": translate("Office", "USB メモリーとのコピー"),
        "usb records taken": translate("Office", "USB の端末記録の受取"),
        "usb records refused": translate("Office", "USB の端末記録を受け取らない"),
        "usb device enrolled": translate("Office", "USB 機器の登録"),
        "usb device lent": translate("Office", "USB 機器の貸出"),
        "usb device returned": translate("Office", "USB 機器の返却"),
        "usb device disposed of": translate("Office", "USB 機器の廃棄"),
        "usb policy put": translate("Office", "USB の規則の登録"),
        "usb policy withdrawn": translate("Office", "USB の規則の取消し"),
        "usb stick elsewhere": translate("Office", "ほかの端末で使用中の USB メモリー"),
        "usb agent key": translate("Office", "USB 管理の鍵の発行"),
    }.get(written, written)


def how_viewed(how: str) -> str:
    """By what a patron's record came into sight."""
    return {
        "card": translate("Office", "カードの読み取り"),
        "checkout": translate("Office", "貸出"),
        "search": translate("Office", "検索"),
        "patron": translate("Office", "利用者を開いた"),
        "details": translate("Office", "住所や連絡先の表示"),
        "alike": translate("Office", "登録時の照合"),
        "to_tell": translate("Office", "連絡の一覧"),
    }.get(how, how)


def chain_kind(kind: str) -> str:
    """Which records a chain holds."""
    return {
        "audit": translate("Office", "監査記録"),
        "views": translate("Office", "閲覧記録"),
    }.get(kind, kind)


def broken(problem: str) -> str:
    """What is wrong with a chain."""
    return {
        "records are missing before it": translate("Office", "この前の記録が抜けています"),
        "it was changed, or does not follow the one before": translate(
            "Office", "書き換えられたか、前の記録とつながりません"
        ),
        "it is earlier than the one before": translate("Office", "前の記録より早い日時です"),
        "the end of the chain is missing or was changed": translate(
            "Office", "最後の記録がないか、書き換えられています"
        ),
        "a chain that has no head": translate("Office", "末尾の控えがない記録です"),
    }.get(problem, problem)
