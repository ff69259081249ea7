"""``usb-agent-key`` and ``usb-policy``: what ties a terminal's USB agent to the library.

``usb-policy new-key``, ``sign`` and ``check`` need no server, and are meant for another machine: whoever has
the private key says which devices every terminal takes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import stat
from pathlib import Path
from typing import Any, Final

from madoguchi.app.admin.context import Commands, Context
from madoguchi.app.admin.database import call
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.files import write
from madoguchi.device_control.device import STORAGE, InterfaceClass
from madoguchi.device_control.policy import Policy, PolicySlip, Rule, format_rules, parse_rules
from madoguchi.device_control.signed import (
    MOST_BYTES,
    MOST_VERSION,
    BadKey,
    PolicyRefused,
    SignedPolicy,
    new_key,
    private_text,
    public_text,
    read_private,
    read_public,
    sign,
    verify,
)

_STICK: Final = "stick"


def add_to(commands: Commands) -> None:
    """Adds the commands of this file."""
    key = commands.add_parser(
        "usb-agent-key", help="makes the key that a terminal's USB agent shares with the server"
    )
    key.add_argument("terminal")
    key.add_argument("--out", required=True, type=Path, metavar="FILE", help="to carry there as agent.key")
    key.add_argument("--again", action="store_true", help="another key in place of the one there is")
    key.set_defaults(run=make_agent_key)
    policy = commands.add_parser("usb-policy", help="which USB devices the terminals take").add_subparsers(
        required=True
    )
    made = policy.add_parser("new-key", help="makes the keys that policies are signed and checked with")
    made.add_argument("--private", required=True, type=Path, metavar="FILE", help="to be kept away from here")
    made.add_argument("--public", required=True, type=Path, metavar="FILE", help="each terminal's policy.pub")
    made.set_defaults(run=make_policy_key)
    draft = policy.add_parser("draft", help="writes rules for what the register has, to be read and changed")
    draft.add_argument("--out", required=True, type=Path, metavar="FILE")
    draft.set_defaults(run=draft_rules)
    signed = policy.add_parser("sign", help="signs rules for a group of terminals")
    signed.add_argument("rules", type=Path, metavar="RULES")
    signed.add_argument("--group", required=True)
    signed.add_argument("--version", required=True, type=_version, help="higher than any before")
    signed.add_argument("--key", required=True, type=Path, metavar="FILE", help="the private key")
    signed.add_argument("--out", required=True, type=Path, metavar="FILE")
    signed.set_defaults(run=sign_rules)
    checked = policy.add_parser("check", help="says whether a signed policy will be taken")
    checked.add_argument("policy", type=Path, metavar="FILE")
    checked.add_argument("--public", required=True, type=Path, metavar="FILE", help="the public key")
    checked.set_defaults(run=check_policy)
    put = policy.add_parser("put", help="puts a signed policy on the server, for its terminals to fetch")
    put.add_argument("policy", type=Path, metavar="FILE")
    put.set_defaults(run=put_policy)
    withdrawn = policy.add_parser(
        "withdraw", help="gives a policy to no terminal any more, so that one with a lower version can be put"
    )
    withdrawn.add_argument("group")
    withdrawn.add_argument("version", type=_version)
    withdrawn.set_defaults(run=withdraw_policy)
    listed = policy.add_parser("list", help="the last policies on the server, one a line")
    listed.set_defaults(run=list_policies)


def make_agent_key(context: Context, options: argparse.Namespace) -> int:
    """Makes a terminal's key, into a file that only this account reads. It is on no screen and in no log."""
    _refuse_to_overwrite(options.out)
    try:
        with context.transaction() as connection:
            answer = call(
                connection,
                "account.make_usb_key",
                "cast(:terminal as text), cast(:again as boolean)",
                terminal=options.terminal,
                again=options.again,
            )
            match answer["refusal"]:
                case "no_such_terminal":
                    raise CannotDo("there is no such terminal, or it was revoked")
                case "key_there":
                    raise CannotDo("it has a key; --again makes another, and its agent needs the new one")
            # before the commit: a key that is in no file is nobody's
            write(options.out, answer["key"] + "\n", 0o600)
    except BaseException:
        options.out.unlink(missing_ok=True)
        raise
    context.say(f"{options.terminal}: key {options.out}")
    context.say("carry it there as /etc/madoguchi-usb/agent.key, then delete it here")
    return 0


def make_policy_key(context: Context, options: argparse.Namespace) -> int:
    """Makes the pair of keys; the private one is for this account alone."""
    for file in (options.private, options.public):
        _refuse_to_overwrite(file)
    key = new_key()
    write(options.public, public_text(key.public_key()), 0o644)
    write(options.private, private_text(key), 0o600)
    context.say(f"private key {options.private}: keep it off the server and off the terminals")
    context.say(f"public key {options.public}: each terminal's /etc/madoguchi-usb/policy.pub")
    return 0


def draft_rules(context: Context, options: argparse.Namespace) -> int:
    """Writes a rule for each device of the register that is in use; sticks are opened by exception alone."""
    with context.transaction() as connection:
        rows = call(connection, "account.list_usb_devices")["rows"]
    there = [row for row in rows if row["disposed_on"] is None]
    others = [row for row in there if row["kind"] != _STICK]
    rules, left_out = [], []
    for row in others:
        rule = rule_of(row)
        why = _not_drafted(rule)
        if why is None:
            rules.append(rule)
        else:
            left_out.append(f"# Left out: number {row['number']} of the register: {why}\n")
    today = dt.datetime.now(dt.UTC).astimezone().date()
    text = (
        f"# From the register of USB devices, {today}. Read it, change it, then sign it.\n"
        f"# {len(there) - len(others)} sticks are in the register: they need no rule,"
        " an exception opens them.\n" + "".join(left_out) + format_rules(Policy(tuple(rules)))
    )
    write(options.out, text, 0o644)
    context.say(f"{options.out}: {len(rules)} rules" + (f", {len(left_out)} left out" if left_out else ""))
    return 0


def _not_drafted(rule: Rule) -> str | None:
    """Why no rule is drafted for a device; None: one is."""
    if any(each.base == STORAGE for each in rule.interfaces or ()):
        # whatever it is enrolled as: a rule would open it for good, and no second person is asked
        return "it can hold files, and a rule would open it for good"
    try:
        parse_rules(format_rules(Policy((rule,))))
    except PolicySlip as slip:
        return f"no rule can say it: {slip.slip.value}"
    return None


def rule_of(row: dict[str, Any]) -> Rule:
    """The rule that lets a device of the register in."""
    return Rule(
        allows=True,
        label=row["label"],
        reason=f"台帳 {row['number']}番",
        vendor_id=int(row["vendor_id"], 16),
        product_id=int(row["product_id"], 16),
        serial=row["serial"] or None,
        interfaces=tuple(sorted(InterfaceClass.parse(each) for each in row["interfaces"].split(","))),
    )


def sign_rules(context: Context, options: argparse.Namespace) -> int:
    """Signs rules; one slip in them, and nothing is signed."""
    key = options.key
    if os.name == "posix" and stat.S_IMODE(key.stat().st_mode) & 0o077:
        raise CannotDo(f"{key}: others may read it; close it with chmod 600")
    try:
        text = sign(options.group, options.version, _read(options.rules), read_private(_read(key)))
    except BadKey as error:
        raise CannotDo(f"{key}: not a private key: {error}") from error
    except PolicySlip as slip:
        where = f"{options.rules}: line {slip.line}: " if slip.line else ""
        raise CannotDo(f"{where}{slip.slip.value}") from slip
    write(options.out, text, 0o644)
    context.say(f"{options.out}: signed for {options.group}, version {options.version}")
    return 0


def check_policy(context: Context, options: argparse.Namespace) -> int:
    """Checks a signed policy as an agent of its group would."""
    signed = _checked(_read(options.policy), options.policy, options.public)
    allowed = sum(rule.allows for rule in signed.policy.rules)
    context.say(
        f"{options.policy}: signed for {signed.group}, version {signed.version},"
        f" {allowed} allow, {len(signed.policy.rules) - allowed} block"
    )
    return 0


def put_policy(context: Context, options: argparse.Namespace) -> int:
    """Puts a policy on the server; what is there stays, so a version is put once."""
    text = _read(options.policy)
    with context.transaction() as connection:
        answer = call(connection, "account.put_usb_policy", "cast(:text as text)", text=text)
    match answer["refusal"]:
        case "malformed":
            raise CannotDo(f"{options.policy}: no signed policy; usb-policy sign makes one")
        case "older":
            raise CannotDo(f"{options.policy}: its version is not higher than the one on the server")
    row = answer["row"]
    context.say(f"{row['group']}: version {row['version']} is there; terminals take it at the next sign-in")
    return 0


def withdraw_policy(context: Context, options: argparse.Namespace) -> int:
    """Withdraws a policy, on record. It stays on the server, and an agent that took it keeps it."""
    with context.transaction() as connection:
        answer = call(
            connection,
            "account.withdraw_usb_policy",
            "cast(:group as text), cast(:version as integer)",
            group=options.group,
            version=options.version,
        )
    what = f"{options.group}: version {options.version}"
    match answer["refusal"]:
        case "no_such_policy":
            raise CannotDo(f"{what} is not there; usb-policy list shows what is")
        case "withdrawn_already":
            raise CannotDo(f"{what} was withdrawn before")
    context.say(f"{what} is withdrawn; an agent that took it keeps it until one with a higher version comes")
    return 0


def list_policies(context: Context, _options: argparse.Namespace) -> int:
    """One line a policy, tabs between: group, version, when and by whom put there; and whether withdrawn."""
    with context.transaction() as connection:
        rows = call(connection, "account.list_usb_policies")["rows"]
    for row in rows:
        withdrawn = "" if row["withdrawn_at"] is None else f"\twithdrawn {row['withdrawn_at'][:16]}"
        context.say(f"{row['group']}\t{row['version']}\t{row['put_at'][:16]}\t{row['put_by']}{withdrawn}")
    return 0


def _checked(text: str, file: Path, public: Path) -> SignedPolicy:
    # which group it says it is for; the signature is over that, too
    group = next((line[7:] for line in text.split("\n")[1:2] if line.startswith("group: ")), "")
    try:
        return verify(text, read_public(_read(public)), group)
    except BadKey as error:
        raise CannotDo(f"{public}: not a public key: {error}") from error
    except PolicyRefused as refused:
        where = f": line {refused.line}: {refused.slip}" if refused.line else ""
        raise CannotDo(f"{file}: {refused.word.value}{where}") from refused


def _read(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise CannotDo(f"{file}: larger than {MOST_BYTES:,} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CannotDo(f"{file}: not in UTF-8") from error


def _refuse_to_overwrite(file: Path) -> None:
    if file.exists():
        raise CannotDo(f"{file}: is there already")


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:11]) <= MOST_VERSION):
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_VERSION:,}")
    return int(text)
