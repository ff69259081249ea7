"""The one way out: through the proxy, to hosts of the allow-list, by a certificate that is believed."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from madoguchi.app.catalogue.addresses import NoSuchAddress, parse_host
from madoguchi.app.catalogue.fetch import BibliographicSource, FetchPlan
from madoguchi.app.catalogue.fetched import FetchFailed, FetchRefused, Found, Reason
from tests.app.catalogue.conftest import NDL, Counter, shipped
from tests.support.certificates import Certificates
from tests.support.connect_proxy import ConnectProxy

# -- by one way only -------------------------------------------------------------------------------------


def test_nothing_is_fetched_before_a_proxy_is_set(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, counter.proxy.address)
    counter.set_up(proxy="")
    assert not BibliographicSource(counter.plan).configured
    assert counter.fetch() == FetchRefused(Reason.NOT_CONFIGURED)
    assert counter.proxy.peers == counter.ndl.peers == []


def test_the_environment_leads_nowhere_else(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with ConnectProxy({f"{NDL}:443": counter.elsewhere.port}) as decoy:
        for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, decoy.address)
        monkeypatch.setenv("no_proxy", "*")
        monkeypatch.setenv("NO_PROXY", NDL)
        monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
        assert isinstance(counter.fetch(), Found)
        assert decoy.peers == []
    assert not (tmp_path / "keys").exists()
    assert len(counter.proxy.peers) == 1


def test_the_terminal_looks_up_and_connects_to_the_proxy_alone(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real = socket.getaddrinfo

    def look_up(host: object, *arguments: object, **named: object) -> object:
        asked.append(host)
        return real("127.0.0.1", *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    counter.set_up(proxy=f"http://proxy.example:{counter.proxy.port}")
    assert isinstance(counter.fetch(), Found)
    # the second one is the test's proxy, on its way on
    assert asked == ["proxy.example", "127.0.0.1"]
    assert counter.proxy.targets == [f"{NDL}:443"]
    assert counter.proxy.heads == [f"CONNECT {NDL}:443 HTTP/1.1\r\nHost: {NDL}:443\r\n\r\n"]
    assert counter.ndl.peers == counter.proxy.outgoing


@pytest.mark.parametrize(
    "source",
    [
        "https://elsewhere.example/api",
        f"http://{NDL}/api/opensearch",
        f"https://{NDL}:8443/api/opensearch",
        f"https://{NDL}:80/api",
        f"https://{NDL}./api",
        f"https://www.{NDL}/api",
        "https://ndl.go.jp/api",
        f"https://{NDL}.elsewhere.example/api",
        f"https://{NDL}@elsewhere.example/api",
        f"https://elsewhere.example@{NDL}/api",
        f"https://user:secret@{NDL}/api",
        f"https://{NDL}\\@elsewhere.example/api",
        f"https://elsewhere.example#{NDL}/api",
        f"https://elsewhere.example?{NDL}/api",
        f"https://{NDL}/api?x=1",
        f"https://{NDL}/api\r\nHost: elsewhere.example",
        f"https://{NDL}/api\n",
        f"https://{NDL}%2eelsewhere.example/api",
        f"https:/{NDL}/api",
        f"//{NDL}/api",
        f"file://{NDL}/etc/passwd",
        "https://127.0.0.1/api",
        "https://2130706433/api",
        "https://0x7f.1/api",
        "https://[::1]/api",
        "https://ndl\uff53earch.ndl.go.jp/api",
        "https://ndl\u017fearch.ndl.go.jp/api",
        "",
    ],
)
def test_no_other_host_is_asked(counter: Counter, source: str, caplog: pytest.LogCaptureFixture) -> None:
    counter.set_up(source=source)
    assert counter.fetch() == FetchRefused(Reason.HOST_NOT_ALLOWED)
    assert counter.proxy.peers == []
    assert "host_not_allowed" in caplog.text
    assert "secret" not in caplog.text


def test_a_host_is_the_same_in_capitals_and_a_port_can_be_allowed(counter: Counter) -> None:
    counter.set_up(source="https://NDLSearch.NDL.go.JP/api/opensearch")
    assert isinstance(counter.fetch(), Found)
    counter.set_up(source=f"https://{NDL}:8443/api", hosts=(f"{NDL.upper()}:8443",))
    assert isinstance(counter.fetch(), Found)
    assert counter.proxy.targets == [f"{NDL}:443", f"{NDL}:8443"]
    assert f"Host: {NDL}:8443\r\n" in counter.ndl.requests[1]
    # which does not allow the usual one
    counter.set_up(source=f"https://{NDL}/api")
    assert counter.fetch() == FetchRefused(Reason.HOST_NOT_ALLOWED)
    counter.set_up(hosts=())
    assert counter.fetch() == FetchRefused(Reason.HOST_NOT_ALLOWED)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            "*",
            "*.ndl.go.jp",
            ".ndl.go.jp",
            "a..b",
            "-a.example",
            "a-.example",
            "a" * 64,
            "a." * 130 + "a",
        ),
        *(f"{NDL}.", f"{NDL}/", f"https://{NDL}", f"user@{NDL}", f" {NDL}", f"{NDL}\n", f"{NDL},a.example"),
        *(f"{NDL}:", f"{NDL}:0", f"{NDL}:65536", f"{NDL}:443:443", f"{NDL}:443\n", "国.example"),
        *("127.0.0.1", "1.2.3.4:443", "0x7f.1", "::1", "[::1]", "[::1]:443"),
    ],
)
def test_an_allow_list_holds_whole_names_alone(host: str) -> None:
    with pytest.raises(NoSuchAddress):
        parse_host(host)
    with pytest.raises(NoSuchAddress):
        BibliographicSource(FetchPlan("", (host,)))


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent", "300 x"]
)
@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", f"https://{NDL}/other", f"http://{NDL}/", "/other"]
)
def test_no_redirect_is_followed(counter: Counter, status: str, to: str) -> None:
    counter.answers(shipped("one-book"), f"Location: {to}", status=status)
    assert counter.fetch() == FetchRefused(Reason.REDIRECTED)
    assert counter.proxy.targets == [f"{NDL}:443"]
    assert counter.elsewhere.peers == []


# -- whom to believe -------------------------------------------------------------------------------------


def test_an_unknown_authority_is_not_believed(counter: Counter, other_certificates: Certificates) -> None:
    counter.set_up(ca_file=None)
    assert counter.fetch() == FetchFailed(Reason.TLS_NOT_VERIFIED)
    counter.set_up(ca_file=other_certificates.ca)
    assert counter.fetch() == FetchFailed(Reason.TLS_NOT_VERIFIED)
    assert counter.ndl.requests == []


def test_a_certificate_for_another_name_is_not_believed(
    counter: Counter, other_certificates: Certificates
) -> None:
    with ConnectProxy({f"{NDL}:443": counter.elsewhere.port}) as lying:
        counter.set_up(proxy=lying.address, ca_file=other_certificates.ca)
        assert counter.fetch() == FetchFailed(Reason.TLS_NOT_VERIFIED)
        counter.proxy.outgoing += lying.outgoing
    assert counter.elsewhere.requests == []


@pytest.mark.parametrize("content", [None, b"", b"not a certificate", "folder"])
def test_a_file_of_authorities_that_is_none_is_said(
    counter: Counter, tmp_path: Path, content: bytes | str | None
) -> None:
    file = tmp_path / "ca.pem"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content:
        file.mkdir()
    counter.set_up(ca_file=file)
    assert counter.fetch() == FetchFailed(Reason.CA_FILE)
    counter.set_up(ca_file=Path("a\0b"))
    assert counter.fetch() == FetchFailed(Reason.CA_FILE)
    assert counter.proxy.peers == []
