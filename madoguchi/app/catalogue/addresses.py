"""Where bibliographic data may come from and by which way: the proxy, the allow-list, the source's address.

Each text is read whole by one pattern, and what does not fit is refused. So no two readers of one address can
see two hosts in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

HTTPS_PORT: Final = 443

PROXY_FORM: Final = "http://proxy.example:8080"
HOST_FORM: Final = "ndlsearch.ndl.go.jp"

_NAME_MAX: Final = 253
# the last label begins with a letter: what ends in a number is an IP address to some readers
_NAME: Final = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PORT: Final = r"[1-9][0-9]{0,4}"
_HOST: Final = re.compile(rf"({_NAME})(?::({_PORT}))?", re.ASCII | re.IGNORECASE)
_SOURCE: Final = re.compile(rf"https://({_NAME})(?::({_PORT}))?(/[A-Za-z0-9/_.-]*)", re.ASCII | re.IGNORECASE)
_PROXY: Final = re.compile(
    rf"http://(?:([A-Za-z0-9._~-]{{1,64}})@)?({_NAME}|[0-9.]{{7,15}}|\[[0-9a-f:.]{{2,45}}\]):({_PORT})/?",
    re.ASCII | re.IGNORECASE,
)


class NoSuchAddress(ValueError):
    """An address cannot be used. The message says why, and repeats nothing: there may be a password in it."""


@dataclass(frozen=True, slots=True)
class Address:
    """A host, in small letters, and a port of it."""

    host: str
    port: int = HTTPS_PORT

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Source:
    """Who is asked for records, always by https: a host with its port, and the path there."""

    address: Address
    path: str


@dataclass(frozen=True, slots=True)
class Proxy:
    """The one way out. With a user it wants a password, which the keyring has."""

    address: Address
    user: str = ""


def parse_host(text: str) -> Address:
    """An entry of the allow-list: a host's full name, which means port 443, or ``name:port``.

    Raises:
        NoSuchAddress: it is no name; wildcards, IP addresses and a dot at the end are none.
    """
    match = _HOST.fullmatch(text)
    if match is None:
        raise NoSuchAddress(f"whole names of hosts like {HOST_FORM!r}, or with a port behind a colon")
    return _address(match[1], match[2])


def parse_source(text: str) -> Source:
    """The address of who is asked, ``https://host/path``, without user, query or fragment.

    Raises:
        NoSuchAddress: it is anything else.
    """
    match = _SOURCE.fullmatch(text)
    if match is None:
        raise NoSuchAddress(f"an address like 'https://{HOST_FORM}/path'")
    return Source(_address(match[1], match[2]), match[3])


def parse_proxy(text: str) -> Proxy:
    """The proxy's address, ``http://host:port`` or ``http://user@host:port``.

    Raises:
        NoSuchAddress: it is anything else, or has a password in it.
    """
    user, _, _ = text.rpartition("@")
    if ":" in user.rpartition("//")[2]:
        raise NoSuchAddress("without a password; `madoguchi fetch --proxy-password` puts it into the keyring")
    match = _PROXY.fullmatch(text)
    if match is None:
        raise NoSuchAddress(f"an address like {PROXY_FORM!r}, with its port")
    host = match[2].strip("[]")
    if match[2].startswith("[") or host[0].isdigit():
        _check_ip(host)
    return Proxy(_address(host, match[3]), match[1] or "")


def _check_ip(text: str) -> None:
    if re.fullmatch(_NAME, text, re.ASCII | re.IGNORECASE):
        return
    try:
        IPv6Address(text) if ":" in text else IPv4Address(text)
    except AddressValueError as error:
        raise NoSuchAddress(f"an address like {PROXY_FORM!r}, with its port") from error


def _address(host: str, port: str | None) -> Address:
    if len(host) > _NAME_MAX:
        raise NoSuchAddress("a host's name has at most 253 letters")
    number = int(port) if port else HTTPS_PORT
    if number > 65535:
        raise NoSuchAddress("a port from 1 to 65535")
    return Address(host.lower(), number)
