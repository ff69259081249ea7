"""Bibliographic data by ISBN from NDL Search (国立国会図書館サーチ, OpenSearch). The terminal's one way out.

Only through the configured proxy, only from hosts of the allow-list, only by verified TLS; anything else is
refused and logged. Source: the review board's answer ア(ｲ).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, fields, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from madoguchi.app.catalogue.addresses import (
    NoSuchAddress,
    Proxy,
    Source,
    parse_host,
    parse_proxy,
    parse_source,
)
from madoguchi.app.catalogue.deadline import Deadline, within
from madoguchi.app.catalogue.fetched import (
    OWN_RULES,
    CannotFetch,
    Fetched,
    FetchFailed,
    FetchRefused,
    Found,
    NothingKnown,
    Reason,
)
from madoguchi.app.catalogue.http_answer import FRAMING_MAX, ask, question
from madoguchi.app.catalogue.ndl import BibRecord, NotAnNdlAnswer, NotNdl, read_records
from madoguchi.app.catalogue.proxy_password import NoPassword, kept_password
from madoguchi.app.catalogue.tunnel import trusted, tunnel
from madoguchi.barcode.symbology import normalise_isbn

if TYPE_CHECKING:
    from madoguchi.app.settings import Settings

NDL_SEARCH: Final = "https://ndlsearch.ndl.go.jp/api/opensearch"

ANSWER_MAX: Final = 2 * 1024 * 1024
"""Bytes of an answer; the twenty records that are asked for are fifty thousand."""

_RECORDS: Final = 20
_OWN_HOLDINGS: Final = "R100000002-"  # the Diet Library's own catalogue, made with the book in hand

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FetchPlan:
    """How bibliographic data is fetched.

    Attributes:
        proxy: ``http://[user@]host:port``; empty: nothing is fetched.
        hosts: the allow-list, names with port 443 or ``name:port``.
        seconds: how long a fetch may take, all in all.
        ca_file: authorities to believe besides the machine's own, as PEM.
        source: who is asked, ``https://host/path``.
        largest: bytes of an answer, at most.
    """

    proxy: str
    hosts: tuple[str, ...]
    seconds: float = 6.0
    ca_file: Path | None = None
    source: str = NDL_SEARCH
    largest: int = ANSWER_MAX


def fetch_plan(settings: Settings) -> FetchPlan:
    """What this terminal's settings say about fetching."""
    return FetchPlan(
        proxy=settings.fetch_proxy,
        hosts=settings.fetch_hosts,
        seconds=settings.fetch_seconds,
        ca_file=Path(settings.fetch_ca_file) if settings.fetch_ca_file else None,
    )


class BibliographicSource:
    """NDL Search, asked for one book at a time. It keeps nothing between two fetches; any thread may call it.

    Raises:
        NoSuchAddress: the plan's proxy or one of its hosts is none; settings that were loaded have none such.
    """

    def __init__(self, plan: FetchPlan) -> None:
        self._plan = plan
        self._proxy = parse_proxy(plan.proxy) if plan.proxy else None
        self._hosts = frozenset(parse_host(host) for host in plan.hosts)

    @property
    def configured(self) -> bool:
        """Whether there is a proxy to fetch through."""
        return self._proxy is not None

    def fetch(self, isbn: str) -> Fetched:
        """The records of a book, by its ISBN-13 or ISBN-10. Blocks for the plan's `seconds` at most, and
        for as long as reading the answer takes.

        What goes wrong outside is an answer and a line in the log, which names host and reason alone.
        """
        isbn13 = normalise_isbn(isbn)
        host = "nobody"
        try:
            if isbn13 is None:
                raise CannotFetch(Reason.NOT_AN_ISBN)
            if self._proxy is None:
                raise CannotFetch(Reason.NOT_CONFIGURED)
            source = self._allowed()
            host = source.address.host
            return sort_out(self._ask(self._proxy, source, isbn13), isbn13)
        except CannotFetch as problem:
            _log.warning("no bibliographic data from %s: %s", host, problem)
            return (
                FetchRefused(problem.reason) if problem.reason in OWN_RULES else FetchFailed(problem.reason)
            )

    def _allowed(self) -> Source:
        try:
            source = parse_source(self._plan.source)
        except NoSuchAddress as error:
            raise CannotFetch(Reason.HOST_NOT_ALLOWED, "not an address by https") from error
        if source.address not in self._hosts:
            raise CannotFetch(Reason.HOST_NOT_ALLOWED, str(source.address))
        return source

    def _ask(self, proxy: Proxy, source: Source, isbn13: str) -> bytes:
        deadline = Deadline(self._plan.seconds)
        context = trusted(self._plan.ca_file)
        login = None
        if proxy.user:
            try:
                # a keyring may ask somebody for its password first
                login = proxy.user, within(deadline, lambda: kept_password(proxy))
            except NoPassword as error:
                raise CannotFetch(Reason.PROXY_PASSWORD, str(error)) from error
        most = self._plan.largest
        with tunnel(
            proxy.address,
            source.address,
            login=login,
            context=context,
            deadline=deadline,
            most=most + FRAMING_MAX,
        ) as line:
            return ask(line, question(source, isbn=isbn13, cnt=str(_RECORDS)), most)


def sort_out(answer_untrusted: bytes, isbn13: str) -> Found | NothingKnown:
    """The records of an answer that are of this ISBN, the best first. What is not asked for is not believed.

    Raises:
        CannotFetch: it is no answer of NDL Search.
    """
    try:
        read = read_records(BytesIO(answer_untrusted))
    except NotAnNdlAnswer as error:
        reason = Reason.BROKEN if error.reason is NotNdl.NOT_XML else Reason.NOT_UNDERSTOOD
        raise CannotFetch(reason, str(error)) from error
    ours = [record for record in read.records if isbn13 in (record.isbn13, *record.other_isbns)]
    others, left_out = len(read.records) - len(ours), read.left_out.total()
    if not ours:
        return NothingKnown(others, left_out)
    ours.sort(key=lambda record: _rank(record, isbn13))
    return Found(tuple(_of(record, isbn13) for record in ours), others, left_out)


def _rank(record: BibRecord, isbn13: str) -> tuple[bool, bool, int]:
    """Small is good: the Diet Library's own, the volume before its set, whoever says most."""
    said = sum(bool(getattr(record, field.name)) for field in fields(record))
    return not record.ndl_id.startswith(_OWN_HOLDINGS), record.isbn13 != isbn13, -said


def _of(record: BibRecord, isbn13: str) -> BibRecord:
    named = (isbn for isbn in (record.isbn13, *record.other_isbns) if isbn is not None and isbn != isbn13)
    return replace(record, isbn13=isbn13, other_isbns=tuple(named))
