"""What comes as an answer and is none: errors, other texts, bombs, too much, too little, any bytes at all."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.app.catalogue.deadline import Deadline, Line
from madoguchi.app.catalogue.fetch import ANSWER_MAX, sort_out
from madoguchi.app.catalogue.fetched import CannotFetch, FetchFailed, Found, NothingKnown, Reason
from madoguchi.app.catalogue.http_answer import ask
from tests.app.catalogue.conftest import ISBN, NDL, Counter, shipped
from tests.app.catalogue.ndl_answers import PAPER, TITLE, answer, identifier
from tests.support.https_source import Talk, http

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@pytest.mark.parametrize(
    "status", ["204 No Content", "400 Bad", "403 No", "404 No", "429 Slow", "500 x", "503 x"]
)
def test_an_error_of_the_hosts(counter: Counter, status: str) -> None:
    counter.answers(b"" if status[:3] == "204" else b"<html>sorry</html>", status=status, kind="text/html")
    assert counter.fetch() == FetchFailed(Reason.SOURCE_ERROR)


@pytest.mark.parametrize(
    "kind", ["text/html", "text/html; charset=utf-8", "application/json", "image/svg+xml", ""]
)
def test_what_is_not_xml_by_its_name_is_not_understood(counter: Counter, kind: str) -> None:
    counter.answers(shipped("one-book"), kind=kind)
    assert counter.fetch() == FetchFailed(Reason.NOT_UNDERSTOOD)


@pytest.mark.parametrize("kind", ["text/xml", "application/xml", "Application/RSS+XML ; charset=UTF-8"])
def test_xml_by_any_of_its_names_is_read(counter: Counter, kind: str) -> None:
    counter.answers(shipped("one-book"), kind=kind)
    assert isinstance(counter.fetch(), Found)


WHOLE = shipped("one-book")
BOMBS = {
    "laughs": '<!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><rss>&j;</rss>",
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]><rss>{"&a;" * 50_000}</rss>',
    "outside": '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>',
    "dtd": f'<!DOCTYPE rss SYSTEM "https://{NDL}/x.dtd"><rss/>',
    "parameter": f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "https://{NDL}/p">%p;]><rss/>',
}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.BROKEN),
        (WHOLE[:-20], Reason.BROKEN),
        (b"not xml", Reason.BROKEN),
        (WHOLE.replace("ドワンゴ".encode(), b"\xff\xfe\xc0"), Reason.BROKEN),
        (WHOLE.replace("ドワンゴ".encode(), b"\x01"), Reason.BROKEN),
        (b"<html><body>maintenance</body></html>", Reason.NOT_UNDERSTOOD),
        (b"<!DOCTYPE html><html><body>maintenance<br></body></html>", Reason.NOT_UNDERSTOOD),
        (b"<rss><channel><title>a blog</title></channel></rss>", Reason.NOT_UNDERSTOOD),
        *((bomb.encode(), Reason.NOT_UNDERSTOOD) for bomb in BOMBS.values()),
    ],
    ids=["empty", "cut", "text", "utf8", "control", "html", "html5", "blog", *BOMBS],
)
def test_what_is_no_answer_of_ndl_search(counter: Counter, body: bytes, reason: Reason) -> None:
    counter.answers(body)
    assert counter.fetch() == FetchFailed(reason)
    assert len(counter.proxy.peers) == 1


def test_nothing_compressed_is_unpacked(counter: Counter) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    for name, packed in (
        ("gzip", bomb),
        ("deflate", zlib.compress(b"x")),
        ("br", b"x"),
        ("identity, gzip", b"x"),
    ):
        counter.answers(packed, f"Content-Encoding: {name}")
        assert counter.fetch() == FetchFailed(Reason.NOT_UNDERSTOOD)
        counter.answers(packed, f"Transfer-Encoding: {name}")
        assert counter.fetch() == FetchFailed(Reason.NOT_UNDERSTOOD)
    counter.answers(bomb)
    assert counter.fetch() == FetchFailed(Reason.BROKEN)
    counter.answers(WHOLE, "Content-Encoding: identity")
    assert isinstance(counter.fetch(), Found)


LARGE = b"<rss>" + b" " * 10_000_000 + b"</rss>"


def in_chunks(size: int) -> Callable[[socket.socket], None]:
    """Sends ten megabytes in chunks of this size."""

    def talk(connected: socket.socket) -> None:
        connected.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for place in range(0, len(LARGE), size):
            part = LARGE[place : place + size]
            connected.sendall(b"%x\r\n%s\r\n" % (len(part), part))

    return talk


def sends(content: bytes) -> Talk:
    """Sends this."""
    return lambda connected: connected.sendall(content)


@pytest.mark.parametrize(
    "talk",
    [
        sends(HEAD + b"Content-Length: %d\r\n\r\n" % len(LARGE) + LARGE),
        sends(HEAD + b"\r\n" + LARGE),
        sends(HEAD + b"Content-Length: 99999999999999999999\r\n\r\n"),
        in_chunks(1_000_000),
        in_chunks(10_000_000),
        sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + (b"1;" + b"e" * 60_000 + b"\r\n \r\n") * 200),
    ],
    ids=["length", "no length", "length alone", "chunks", "one chunk", "extension"],
)
def test_ten_megabytes_are_not_read(counter: Counter, talk: Talk) -> None:
    counter.ndl.talk = talk
    assert counter.fetch() == FetchFailed(Reason.TOO_BIG)


def test_a_line_takes_no_more_than_it_may() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"x" * 1000)
        line = Line(ours, Deadline(10), 100)
        assert line.read(100) == b"x" * 100
        with pytest.raises(CannotFetch) as raised:
            line.read(1)
        assert raised.value.reason is Reason.TOO_BIG


def test_what_is_as_large_as_may_be_is_read(counter: Counter) -> None:
    book = answer(TITLE + PAPER + identifier(ISBN)).getvalue()
    counter.answers(book + b"\n" * (ANSWER_MAX - len(book)))
    assert isinstance(counter.fetch(), Found)
    counter.answers(book + b"\n" * (ANSWER_MAX + 1 - len(book)))
    assert counter.fetch() == FetchFailed(Reason.TOO_BIG)


@pytest.mark.parametrize(
    "content",
    [
        HEAD + b"Content-Length: %d\r\n\r\n" % (len(WHOLE) + 1) + WHOLE,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (len(WHOLE) + 10) + WHOLE,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + WHOLE,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n" + WHOLE,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + WHOLE,
        HEAD + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        HEAD + b"X: y\r\n" * 200 + b"\r\n",
        HEAD,
        b"HTTP/1.1 ",
        b"HTTP/3 200 OK\r\n\r\n",
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"",
        b"\x00\x01\x02",
        b"ICY 200 OK\r\n\r\n",
    ],
)
@pytest.mark.parametrize("farewell", [True, False])
def test_an_answer_that_is_cut_short_or_garbled_is_broken(
    counter: Counter, content: bytes, farewell: bool
) -> None:
    counter.ndl.answer, counter.ndl.farewell = content, farewell
    assert counter.fetch() == FetchFailed(Reason.BROKEN)


def test_an_end_that_nobody_announced_is_none(counter: Counter) -> None:
    counter.ndl.answer, counter.ndl.farewell = HEAD + b"\r\n" + WHOLE, False
    assert counter.fetch() == FetchFailed(Reason.BROKEN)


def test_records_by_the_thousand_are_read_all_the_same(counter: Counter) -> None:
    deep = TITLE + PAPER + "<dc:creator>" + "<b>" * 200_000 + "</b>" * 200_000 + "</dc:creator>"
    counter.answers(answer(deep + identifier(ISBN)).getvalue())
    assert isinstance(counter.fetch(), Found)
    counter.answers(answer(*[TITLE + PAPER + identifier(ISBN)] * 10_000).getvalue())
    found = counter.fetch()
    assert isinstance(found, Found)
    assert (len(found.records), found.left_out) == (1, 9_999)


# -- whatever comes --------------------------------------------------------------------------------------


def heard(content: bytes) -> object:
    """What becomes of these bytes, come over a line and read as an answer."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(1)
        theirs.sendall(content[:60_000])
        theirs.shutdown(socket.SHUT_WR)
        try:
            return sort_out(ask(Line(ours, Deadline(10), 100_000), b"GET\r\n\r\n", 50_000), ISBN)
        except CannotFetch as problem:
            return problem.reason


def sorted_out(body: bytes) -> object:
    """What becomes of this body."""
    try:
        return sort_out(body, ISBN)
    except CannotFetch as problem:
        return problem.reason


PIECES = st.one_of(
    st.sampled_from(
        [HEAD, WHOLE, WHOLE[:500], b"HTTP/1.1 ", b"200", b"\r\n", b"\r\n\r\n", b"\n", b": ", b"_"]
    ),
    st.sampled_from([b"HTTP/1.1 100 Continue\r\n\r\n", b"Content-Type: text/xml\r\n", b"Content-Encoding: "]),
    st.sampled_from([b"Transfer-Encoding: chunked\r\n", b"Content-Length: ", b"5\r\n<rss>\r\n0\r\n\r\n"]),
    st.sampled_from([b"-1", b"0x1", b"99999999", b"\xff", b"\x00"]),
    st.binary(max_size=20),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=8).map(b"".join))
def test_no_bytes_of_an_answer_are_more_than_an_answer(content: bytes) -> None:
    assert isinstance(heard(content), Found | NothingKnown | Reason)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_bytes_of_a_body_are_more_than_a_body(data: st.DataObject) -> None:
    body = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(body)))
        end = place + data.draw(st.integers(0, 60))
        body[place:end] = data.draw(
            st.one_of(st.binary(max_size=30), st.sampled_from([b"<item>", b"&a;", b"]]>"]))
        )
    read = sorted_out(bytes(body))
    if isinstance(read, Found):
        assert all(record.isbn13 == ISBN for record in read.records)
    else:
        assert isinstance(read, NothingKnown) or read in (Reason.BROKEN, Reason.NOT_UNDERSTOOD)


def test_a_good_answer_is_heard_the_same_way() -> None:
    assert isinstance(heard(http(WHOLE)), Found)
