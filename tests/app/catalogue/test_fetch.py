"""Fetching by ISBN through the proxy: what is found, what is refused, and whom the terminal talks to."""

from __future__ import annotations

import logging
from collections import Counter as Tally
from dataclasses import replace
from pathlib import Path

import pytest

from madoguchi.app.catalogue.fetch import BibliographicSource, FetchPlan, fetch_plan
from madoguchi.app.catalogue.fetched import FetchFailed, FetchRefused, Found, NothingKnown, Reason
from madoguchi.app.catalogue.proxy_password import keep_password
from madoguchi.app.settings import Settings
from tests.app.catalogue.conftest import ISBN, NDL, Counter, shipped
from tests.app.catalogue.ndl_answers import PAPER, TITLE, answer, identifier
from tests.support.https_source import http
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]


def record(number: int, *isbns: str, more: str = "") -> str:
    """A book that is NDL's own, with these ISBNs."""
    guid = f"<guid>https://{NDL}/books/R100000002-I{number}</guid>"
    return TITLE + PAPER + guid + "".join(identifier(isbn) for isbn in isbns) + more


# -- what is found ---------------------------------------------------------------------------------------


def test_a_book_is_found(counter: Counter) -> None:
    found = counter.fetch()
    assert isinstance(found, Found)
    (book,) = found.records
    assert book.title == "Clean Architecture : 達人に学ぶソフトウェアの構造と設計"
    assert (book.isbn13, book.year, book.publisher) == (ISBN, 2018, "ドワンゴ")
    assert (found.others, found.left_out) == (0, 0)
    (head,) = counter.ndl.requests
    assert head.splitlines() == [
        f"GET /api/opensearch?isbn={ISBN}&cnt=20 HTTP/1.1",
        f"Host: {NDL}",
        "Accept: application/rss+xml, application/xml, text/xml",
        "Accept-Encoding: identity",
        "User-Agent: madoguchi",
        "Connection: close",
        "",
    ]


@pytest.mark.parametrize("isbn", ["4-04-893065-6", "ISBN978-4-04-893065-9", "９７８４０４８９３０６５９"])
def test_an_isbn_is_taken_as_it_is_written(counter: Counter, isbn: str) -> None:
    assert isinstance(counter.fetch(isbn), Found)
    assert f"isbn={ISBN}&" in counter.ndl.requests[0]


def test_what_is_no_isbn_is_asked_of_nobody(counter: Counter) -> None:
    for text in ("", "9784048930658", "1000000016", "9784048930659&any=1", "x" * 100_000, "\x00\u202e"):
        assert counter.fetch(text) == FetchRefused(Reason.NOT_AN_ISBN)
    assert counter.proxy.peers == []


def test_nothing_known(counter: Counter) -> None:
    counter.answers(answer().getvalue())
    assert counter.fetch() == NothingKnown()


def test_a_record_of_another_isbn_is_dropped_and_counted(counter: Counter) -> None:
    other = "9784400212867"
    counter.answers(answer(record(1, other), record(2, other, ISBN), record(3)).getvalue())
    found = counter.fetch()
    assert isinstance(found, Found)
    assert [book.ndl_id for book in found.records] == ["R100000002-I2"]
    assert (found.records[0].isbn13, found.records[0].other_isbns) == (ISBN, (other,))
    assert found.others == 2
    counter.answers(answer(record(1, other), TITLE + "<category>記事</category>").getvalue())
    assert counter.fetch() == NothingKnown(others=1, left_out=1)
    # a whole page of other books
    counter.answers(shipped("conan"))
    unasked = counter.fetch()
    assert isinstance(unasked, NothingKnown)
    assert unasked.others > 50


def test_the_best_record_comes_first(counter: Counter) -> None:
    elsewhere = record(1, ISBN, more="<dc:publisher>社</dc:publisher>").replace("R100000002", "R100000123")
    of_a_set = record(2, "9784400212867", ISBN, more="<dc:publisher>社</dc:publisher>")
    counter.answers(
        answer(
            elsewhere,
            of_a_set,
            record(3, ISBN),
            record(4, ISBN, more="<dc:publisher>社</dc:publisher>"),
            record(5, ISBN, more="<dc:publisher>社</dc:publisher>"),
        ).getvalue()
    )
    found = counter.fetch()
    assert isinstance(found, Found)
    assert [book.ndl_id[-2:] for book in found.records] == ["I4", "I5", "I3", "I2", "I1"]


def test_text_is_clean(counter: Counter) -> None:
    odd = "<dc:title>\u202e題\u200b名\u0085\u2066\ue000</dc:title>" + PAPER + identifier(ISBN)
    counter.answers(answer(odd).getvalue())
    found = counter.fetch()
    assert isinstance(found, Found)
    assert found.records[0].title == "題名 〓"


def test_an_answer_in_chunks_and_one_that_ends_with_the_connection(counter: Counter) -> None:
    body = shipped("one-book")
    chunks = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:]))
    counter.ndl.answer = http(chunks + b"0\r\nTrailer: x\r\n\r\n", "Transfer-Encoding: chunked")
    assert isinstance(counter.fetch(), Found)
    counter.ndl.answer = b"HTTP/1.0 200 OK\r\nContent-Type: text/xml;charset=UTF-8\r\n\r\n" + body
    assert isinstance(counter.fetch(), Found)
    counter.ndl.answer = b"HTTP/1.1 100 Continue\r\n\r\n" + http(body)
    assert isinstance(counter.fetch(), Found)


# -- the proxy's password --------------------------------------------------------------------------------


def test_the_password_is_the_keyrings_and_the_proxy_alone_is_told(
    counter: Counter, ring: MemoryKeyring, caplog: pytest.LogCaptureFixture
) -> None:
    counter.proxy.login = "Basic dGVybWluYWwtMTrnp5jlr4Y6"
    assert counter.fetch() == FetchFailed(Reason.PROXY_PASSWORD)
    counter.set_up(proxy=f"http://terminal-1@127.0.0.1:{counter.proxy.port}")
    asked = len(counter.proxy.peers)
    assert counter.fetch() == FetchFailed(Reason.PROXY_PASSWORD)
    assert len(counter.proxy.peers) == asked
    proxy = BibliographicSource(counter.plan)._proxy
    assert proxy is not None
    keep_password(proxy, "wrong")
    assert counter.fetch() == FetchFailed(Reason.PROXY_PASSWORD)
    keep_password(proxy, "秘密:")
    assert isinstance(counter.fetch(), Found)
    assert "Authorization" not in counter.ndl.requests[0]
    ring.locked = True
    assert counter.fetch() == FetchFailed(Reason.PROXY_PASSWORD)
    assert list(ring.kept) == [("madoguchi-proxy", f"terminal-1@127.0.0.1:{counter.proxy.port}")]
    for secret in ("秘密", "wrong", "dGVybWlu"):
        assert secret not in caplog.text


# -- what is logged, and settings ------------------------------------------------------------------------


def test_every_refusal_is_one_warning_with_host_and_reason(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    counter.answers(b"", "Location: https://elsewhere.example/", status="302 Found")
    counter.fetch()
    counter.proxy.status = 403
    counter.fetch()
    counter.set_up(source="https://elsewhere.example/x")
    counter.fetch()
    counter.set_up(proxy="")
    counter.fetch()
    counter.fetch("9784048930650")
    lines = [entry for entry in caplog.records if entry.name.startswith("madoguchi")]
    assert {entry.levelno for entry in lines} == {logging.WARNING}
    assert [entry.getMessage() for entry in lines] == [
        f"no bibliographic data from {NDL}: redirected (it answered 302)",
        f"no bibliographic data from {NDL}: proxy_refused (the proxy answered 403)",
        "no bibliographic data from nobody: host_not_allowed (elsewhere.example:443)",
        "no bibliographic data from nobody: not_configured",
        "no bibliographic data from nobody: not_an_isbn",
    ]


def test_the_settings_are_what_is_fetched_by(tmp_path: Path) -> None:
    settings = Settings(library_file=tmp_path)
    assert fetch_plan(settings) == FetchPlan("", (NDL,), 6.0)
    assert not BibliographicSource(fetch_plan(settings)).configured
    set_up = replace(
        settings,
        fetch_proxy="http://proxy.example:8080",
        fetch_hosts=(NDL, "other.example:8443"),
        fetch_seconds=10,
        fetch_ca_file=str(tmp_path / "ca.pem"),
    )
    plan = fetch_plan(set_up)
    assert plan == FetchPlan(set_up.fetch_proxy, set_up.fetch_hosts, 10, tmp_path / "ca.pem")
    assert BibliographicSource(plan).configured


def test_fetches_at_the_same_time_do_not_meet(counter: Counter) -> None:
    from concurrent.futures import ThreadPoolExecutor

    source = BibliographicSource(counter.plan)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(source.fetch, [ISBN, "9784400212867"] * 8))
    assert Tally(type(answer) for answer in answers) == {Found: 8, NothingKnown: 8}
