"""A policy in its envelope: one text for each signature, and none without."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control.policy import PolicySlip, Slip, parse_rules
from madoguchi.device_control.signed import (
    MOST_BYTES,
    MOST_VERSION,
    BadKey,
    PolicyRefused,
    Refusal,
    SignedPolicy,
    new_key,
    private_text,
    public_text,
    read_private,
    read_public,
    sign,
    verify,
)
from tests.device_control.vectors import PRIVATE_KEY, PUBLIC_KEY, RULES, SIGNED_POLICY

PRIVATE = read_private(PRIVATE_KEY)
PUBLIC = read_public(PUBLIC_KEY)
HEAD = "madoguchi device policy 1\ngroup: counters\nversion: 12\n\n"


def sealed(body: str) -> str:
    """Signed whatever it is, as somebody with the key and another program could."""
    return f"{body}signature: {base64.b64encode(PRIVATE.sign(body.encode())).decode()}\n"


def refusal(text: str, group: str = "counters") -> PolicyRefused:
    with pytest.raises(PolicyRefused) as caught:
        verify(text, PUBLIC, group)
    return caught.value


def test_the_published_example_is_made_and_read() -> None:
    assert sign("counters", 12, RULES, PRIVATE) == SIGNED_POLICY == sealed(HEAD + RULES)
    assert verify(SIGNED_POLICY, PUBLIC, "counters") == SignedPolicy(
        "counters", 12, parse_rules(RULES), SIGNED_POLICY
    )


def test_keys_are_written_and_read() -> None:
    assert (private_text(PRIVATE), public_text(PRIVATE.public_key())) == (PRIVATE_KEY, PUBLIC_KEY)
    key = new_key()
    text = sign("a", 1, "", read_private(private_text(key)))
    assert verify(text, read_public(public_text(key.public_key())), "a").policy.rules == ()
    with pytest.raises(PolicyRefused):
        verify(text, PUBLIC, "a")


@pytest.mark.parametrize(
    "text", ["", "AAAA", "*" * 44, "鍵" * 20, PUBLIC_KEY.strip() + "AAAA", PUBLIC_KEY[1:]]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    for read in (read_private, read_public):
        with pytest.raises(BadKey):
            read(text)


def test_no_beginning_of_a_policy_is_one() -> None:
    for end in range(len(SIGNED_POLICY)):
        assert refusal(SIGNED_POLICY[:end]).word is Refusal.SIGNATURE


@given(st.integers(0, len(SIGNED_POLICY) - 1), st.characters(codec="utf-8"))
def test_no_changed_character_goes_unseen(at: int, character: str) -> None:
    text = SIGNED_POLICY[:at] + character + SIGNED_POLICY[at + 1 :]
    if text != SIGNED_POLICY:
        assert refusal(text).word is Refusal.SIGNATURE


@given(st.integers(0, len(SIGNED_POLICY)), st.text(min_size=1, max_size=20))
def test_nothing_put_in_goes_unseen(at: int, more: str) -> None:
    assert refusal(SIGNED_POLICY[:at] + more + SIGNED_POLICY[at:]).word in (
        Refusal.SIGNATURE,
        # half a surrogate pair has no bytes that could be signed
        Refusal.MALFORMED,
    )


@given(st.integers(0, len(SIGNED_POLICY) - 1), st.integers(1, 40))
def test_nothing_left_out_goes_unseen(at: int, length: int) -> None:
    assert refusal(SIGNED_POLICY[:at] + SIGNED_POLICY[at + length :]).word is Refusal.SIGNATURE


@given(st.text(max_size=200))
def test_any_text_is_refused(text: str) -> None:
    assert refusal(text).word in (Refusal.SIGNATURE, Refusal.MALFORMED)


def test_a_signature_is_written_in_one_way_alone() -> None:
    # Ed25519: R and S; the last character before == holds four bits that mean nothing
    begins = SIGNED_POLICY.index("signature: ") + len("signature: ")
    signature = SIGNED_POLICY[begins:-1]
    same_bytes = signature[:-3] + chr(ord(signature[-3]) + 1) + "=="
    assert base64.b64decode(same_bytes) == base64.b64decode(signature)
    order = 2**252 + 27742317777372353535851937790883648493
    raw = base64.b64decode(signature)
    higher = raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    for other in (
        same_bytes,
        signature.rstrip("="),
        signature + "\n",
        " " + signature,
        base64.b64encode(higher).decode(),
        base64.b64encode(raw[:63]).decode(),
        base64.b64encode(raw + b"\0").decode(),
        "",
    ):
        assert refusal(SIGNED_POLICY[:begins] + other + "\n").word is Refusal.SIGNATURE
    for text in (SIGNED_POLICY[:-1], SIGNED_POLICY.replace("\n", "\r\n"), "\ufeff" + SIGNED_POLICY):
        assert refusal(text).word is Refusal.SIGNATURE


def test_it_is_for_one_group() -> None:
    assert refusal(SIGNED_POLICY, "office").word is Refusal.GROUP


@pytest.mark.parametrize(
    ("body", "line", "slip"),
    [
        ("\n" + HEAD + RULES, 1, Slip.HEAD),
        (HEAD.replace("policy 1", "policy 2"), 1, Slip.HEAD),
        (HEAD.replace("counters", "Counters"), 2, Slip.GROUP),
        (HEAD.replace("counters", "a" * 31), 2, Slip.GROUP),
        (HEAD.replace("group: ", "group:"), 2, Slip.GROUP),
        (HEAD.replace("group", "Group"), 2, Slip.GROUP),
        (HEAD.replace("12", "0"), 3, Slip.VERSION),
        (HEAD.replace("12", "012"), 3, Slip.VERSION),
        (HEAD.replace("12", "１２"), 3, Slip.VERSION),
        (HEAD.replace("12", str(MOST_VERSION + 1)), 3, Slip.VERSION),
        (HEAD.replace("12", "12 "), 3, Slip.VERSION),
        (HEAD[:-1] + RULES, 4, Slip.BLANK),
        (HEAD[:-1], 4, Slip.BLANK),
        ("madoguchi device policy 1\n", 2, Slip.GROUP),
        (HEAD + RULES + "# x\nallow everything\n", 8, Slip.WORD),
        (HEAD + 'allow id 046d:c31c as "x" because "x"\n', 5, Slip.NO_INTERFACES),
        (sealed(HEAD + RULES), 7, Slip.ACTION),
        (HEAD + "\t\n", 5, Slip.TEXT),
    ],
)
def test_a_slip_that_was_signed_is_refused_with_its_line(body: str, line: int, slip: Slip) -> None:
    refused = refusal(sealed(body))
    assert (refused.word, refused.line, refused.slip) == (Refusal.MALFORMED, line, slip)


def test_what_is_too_long_is_not_looked_at() -> None:
    comment = "# " + "x" * 97 + "\n"
    most = sign("counters", 12, comment * 650, PRIVATE)
    room = MOST_BYTES - len(most.encode())
    most = sign("counters", 12, comment * 650 + "#" * (room - 1), PRIVATE)
    assert len(most.encode()) == MOST_BYTES
    assert verify(most, PUBLIC, "counters").text == most
    more = sealed(HEAD + comment * 650 + "#" * room + "\n")
    assert (refusal(more).word, refusal(more).slip) == (Refusal.MALFORMED, Slip.LENGTH)
    with pytest.raises(PolicySlip, match=re.escape("line 0: length")):
        sign("counters", 12, comment * 650 + "#" * room, PRIVATE)


@pytest.mark.parametrize(
    ("group", "version", "rules", "line", "slip"),
    [
        ("", 1, "", 0, Slip.GROUP),
        ("a\n", 1, "", 0, Slip.GROUP),
        ("a", 0, "", 0, Slip.VERSION),
        ("a", MOST_VERSION + 1, "", 0, Slip.VERSION),
        ("a", 1, RULES + "nonsense", 3, Slip.ACTION),
        ("a", 1, "signature: x\n", 1, Slip.ACTION),
    ],
)
def test_nothing_is_signed_that_would_be_refused(
    group: str, version: int, rules: str, line: int, slip: Slip
) -> None:
    with pytest.raises(PolicySlip) as caught:
        sign(group, version, rules, PRIVATE)
    assert (caught.value.line, caught.value.slip) == (line, slip)


def test_a_comment_may_look_like_a_signature() -> None:
    rules = "# signature: none\n" + RULES + "#\n"
    assert verify(sign("a", 1, rules, PRIVATE), PUBLIC, "a").policy == parse_rules(RULES)
