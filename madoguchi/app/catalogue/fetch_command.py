"""What `madoguchi fetch` does: system staff try whether bibliographic data comes, and see why not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from madoguchi.app.catalogue.addresses import parse_proxy
from madoguchi.app.catalogue.fetch import BibliographicSource, FetchPlan
from madoguchi.app.catalogue.fetched import FetchFailed, FetchRefused, Found, Reason
from madoguchi.app.catalogue.ndl import BibRecord
from madoguchi.app.catalogue.proxy_password import NoPassword, keep_password

REASONS_JA: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.NOT_CONFIGURED: "プロキシが設定されていません（settings.toml の fetch_proxy）",
        Reason.NOT_AN_ISBN: "ISBNではありません",
        Reason.HOST_NOT_ALLOWED: "相手が許可されていません（settings.toml の fetch_hosts）",
        Reason.REDIRECTED: "別の場所へ案内されました。案内には従いません",
        Reason.CA_FILE: "認証局のファイルを使えません（settings.toml の fetch_ca_file）",
        Reason.PROXY_UNREACHABLE: "プロキシにつながりません（settings.toml の fetch_proxy）",
        Reason.PROXY_PASSWORD: (
            "プロキシのパスワードがないか、違います。"
            "fetch_proxy に利用者名を書き、madoguchi fetch --proxy-password で入れてください"
        ),
        Reason.PROXY_REFUSED: "プロキシが通してくれません。プロキシの管理者に確かめてください",
        Reason.SOURCE_UNREACHABLE: "プロキシから国立国会図書館サーチにつながりません",
        Reason.TIMED_OUT: "時間内に答えがありません",
        Reason.TLS_NOT_VERIFIED: "相手が本物と確かめられません（settings.toml の fetch_ca_file）",
        Reason.SOURCE_ERROR: "国立国会図書館サーチがエラーを返しました",
        Reason.TOO_BIG: "答えが大きすぎます",
        Reason.NOT_UNDERSTOOD: "国立国会図書館サーチの答えではありません",
        Reason.BROKEN: "答えが途中で切れているか、壊れています",
    }
)


class NotFetched(Exception):
    """Nothing came of it; the message is a sentence."""


def fetched_lines(plan: FetchPlan, isbn: str) -> list[str]:
    """Fetches a book; returns the lines to print.

    Raises:
        NotFetched: it was refused, failed, or nothing is known.
    """
    fetched = BibliographicSource(plan).fetch(isbn)
    if isinstance(fetched, FetchRefused | FetchFailed):
        raise NotFetched(REASONS_JA[fetched.reason])
    if not isinstance(fetched, Found):
        raise NotFetched("国立国会図書館サーチに、このISBNの貸せる資料はありません")
    lines = [_line(record) for record in fetched.records]
    return [*lines, "出典：国立国会図書館サーチ"]


def keep_proxy_password(plan: FetchPlan, password: str) -> list[str]:
    """Keeps the proxy's password in the keyring; returns the lines to print.

    Raises:
        NotFetched: there is no user to keep it for, or the keyring cannot be used.
    """
    proxy = parse_proxy(plan.proxy) if plan.proxy else None
    if proxy is None or not proxy.user:
        raise NotFetched(
            "settings.toml の fetch_proxy に利用者名を書いてください: http://利用者@ホスト:ポート"
        )
    try:
        keep_password(proxy, password)
    except NoPassword as error:
        raise NotFetched(
            "OSのキーリングを使えません。端末にログインし直し、キーリングを開いてください"
        ) from error
    return [f"プロキシのパスワードをキーリングに入れました: {proxy.user}@{proxy.address}"]


def _line(record: BibRecord) -> str:
    names = "・".join(creator.name for creator in record.creators) or record.statement_of_responsibility
    parts = (" ".join(filter(None, (record.title, record.volume))), names, record.publisher, record.year)
    return " / ".join(str(part) for part in parts if part)
