"""A member of staff who signs in at the prompt of a command; why somebody is not signed in, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from madoguchi.app.staff.session import PasswordNeeded, SignedIn, SignedInElsewhere, SignInProblem

if TYPE_CHECKING:
    from madoguchi.app.server.central import CentralServer

_NOBODY: Final[Mapping[SignInProblem, str]] = MappingProxyType(
    {
        SignInProblem.WRONG_BRANCH: "この端末の館では、このログインは使えません",
        SignInProblem.TERMINAL_UNKNOWN: "この端末はサーバーに登録されていません",
        SignInProblem.TERMINAL_REVOKED: "この端末の登録は取り消されています",
    }
)


class NotSignedIn(Exception):
    """Nobody is signed in; the message is a sentence."""


def signed_in(server: CentralServer, login: str, password: str) -> SignedIn:
    """Signs somebody in with what they typed at the prompt.

    Raises:
        NotSignedIn: they are not, and nothing more is asked at a prompt.
        Outage: no answer; nobody is signed in.
    """
    answer = server.sign_in(login, password)
    if isinstance(answer, SignedIn):
        return answer
    if isinstance(answer, SignedInElsewhere):
        raise NotSignedIn(f"ほかの端末でサインインしています: {answer.branch} {answer.terminal}")
    if isinstance(answer, PasswordNeeded):
        raise NotSignedIn("先に窓口の画面でサインインし、新しいパスワードを決めてください")
    raise NotSignedIn(_NOBODY.get(answer, "職員番号またはパスワードが違います"))
