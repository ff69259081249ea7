"""NDL Search on the loopback address, behind a proxy, and a terminal that fetches from it."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import pytest

from madoguchi.app.catalogue.fetch import BibliographicSource, FetchPlan
from madoguchi.app.catalogue.fetched import Fetched
from tests.support.certificates import Certificates, make_certificates
from tests.support.connect_proxy import ConnectProxy
from tests.support.https_source import HttpsSource, http

NDL = "ndlsearch.ndl.go.jp"
ISBN = "9784048930659"
PATIENCE_SECONDS = 10.0
"""What a busy machine may take; nothing here is to take that long."""


def shipped(name: str) -> bytes:
    """A real answer of NDL Search, of those that are shipped."""
    packed = resources.files("madoguchi.resources").joinpath("training", f"ndl-{name}.xml.gz")
    return gzip.decompress(packed.read_bytes())


@dataclass
class Counter:
    """A terminal's way to NDL Search, and all that stands there.

    Attributes:
        plan: as the terminal is set up.
        ndl: the host of that name.
        elsewhere: another host, with a certificate for its own name; the proxy knows it, too.
        proxy: the one way.
    """

    plan: FetchPlan
    ndl: HttpsSource
    elsewhere: HttpsSource
    proxy: ConnectProxy

    def set_up(self, **changed: object) -> None:
        """Changes the plan."""
        self.plan = replace(self.plan, **changed)  # type: ignore[arg-type]

    def fetch(self, isbn: str = ISBN) -> Fetched:
        """Fetches as the terminal does."""
        return BibliographicSource(self.plan).fetch(isbn)

    def answers(self, body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/xml") -> None:
        """Has NDL Search answer so."""
        self.ndl.answer = http(body, *headers, status=status, kind=kind)


@pytest.fixture(scope="package")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """An authority, and NDL Search's certificate by it."""
    return make_certificates(tmp_path_factory.mktemp("ndl"), f"DNS:{NDL}")


@pytest.fixture(scope="package")
def other_certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Another authority, and a certificate by it for another name."""
    return make_certificates(tmp_path_factory.mktemp("elsewhere"), "DNS:elsewhere.example")


@pytest.fixture
def counter(
    certificates: Certificates, other_certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> Iterator[Counter]:
    """A terminal that is set up as it should be; nothing of it may go past the proxy, or log the ISBN."""
    caplog.set_level(logging.DEBUG)
    with HttpsSource(certificates) as ndl, HttpsSource(other_certificates) as elsewhere:
        names = {f"{NDL}:443": ndl.port, "elsewhere.example:443": elsewhere.port, f"{NDL}:8443": ndl.port}
        with ConnectProxy(names) as proxy:
            ndl.answer = http(shipped("one-book"))
            plan = FetchPlan(
                proxy=proxy.address, hosts=(NDL,), seconds=PATIENCE_SECONDS, ca_file=Path(certificates.ca)
            )
            yield Counter(plan, ndl, elsewhere, proxy)
    assert {*ndl.peers, *elsewhere.peers} <= set(proxy.outgoing)
    assert ISBN not in caplog.text
    assert ISBN[3:12] not in caplog.text
