"""The proxy's password: in the operating system's keyring and nowhere else."""

from __future__ import annotations

from typing import Final

from madoguchi.app.catalogue.addresses import Proxy

KEYRING_SERVICE: Final = "madoguchi-proxy"


class NoPassword(Exception):
    """The keyring has none for this proxy, or cannot be used."""


def kept_password(proxy: Proxy) -> str:
    """The password of the proxy's user.

    Raises:
        NoPassword: the keyring has none, or cannot be used.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(KEYRING_SERVICE, _name(proxy))
    except KeyringError as error:
        raise NoPassword("the keyring cannot be used") from error
    if not found:
        raise NoPassword("the keyring has none")
    return found


def keep_password(proxy: Proxy, password: str) -> None:
    """Puts the password of the proxy's user into the keyring, in place of an older one.

    Raises:
        NoPassword: the keyring cannot be used, or forgets what it is given.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(KEYRING_SERVICE, _name(proxy), password)
    except KeyringError as error:
        raise NoPassword("the keyring cannot be used") from error
    if kept_password(proxy) != password:
        raise NoPassword("the keyring forgets")


def _name(proxy: Proxy) -> str:
    return f"{proxy.user}@{proxy.address}"
