"""Which policy the agent takes, and which one is in force whatever becomes of its files."""

from __future__ import annotations

from madoguchi.device_control.channel import AgentState
from madoguchi.device_control.signed import new_key, public_text
from tests.device_control.conftest import RULES
from tests.device_control.windows_end import Window
from tests.support.usb_tree import AgentOnTree, words

STICK_RULE = 'allow id 0951:1666 interfaces 08:06:50 as "stick" because "tried"\n'


def version(window: Window) -> int:
    return AgentState.from_message(window.ask("state")).policy_version


def test_a_newer_policy_closes_and_opens_what_is_there(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    tree.plug("03:01:01", id="046d:c31c", port="1-2")
    tree.until(lambda: tree.is_usable("1-2"))
    assert window.ask("policy", text=tree.sign_policy(STICK_RULE)) == {"version": 2}
    assert (tree.is_usable("1-1"), tree.is_usable("1-2")) == (True, False)
    assert words(tree.records())[-3:] == ["policy", "blocked", "allowed"]
    # it holds without anybody who hands it over
    tree.stop()
    tree.start()
    assert (tree.is_usable("1-1"), tree.is_usable("1-2")) == (True, False)


def test_the_keyboard_that_is_open_stays_the_first(tree: AgentOnTree, window: Window) -> None:
    other = 'allow id 046d:* interfaces 03:01:01 as "any" because "tried"\n'
    tree.plug("03:01:01", id="046d:0001", port="1-1")
    tree.plug("03:01:01", id="046d:c31c", port="1-2")
    tree.until(lambda: tree.is_usable("1-2"))
    window.ask("policy", text=tree.sign_policy(other))
    assert (tree.is_usable("1-1"), tree.is_usable("1-2")) == (False, True)


def test_a_lease_outlives_a_policy(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.lend()
    window.ask("policy", text=tree.sign_policy(""))
    assert tree.is_usable()
    window.ask("release")
    assert not tree.is_usable()


def test_who_takes_the_kept_policy_away_gets_no_older_one_in(tree: AgentOnTree, window: Window) -> None:
    older, newer = tree.sign_policy(STICK_RULE, version=4), tree.sign_policy(RULES, version=5)
    window.ask("policy", text=newer)
    tree.plug("03:01:01", id="046d:c31c")
    tree.until(tree.is_usable)
    tree.stop()
    (tree.places.state / "policy").unlink()
    tree.start()
    again = Window(tree)
    assert version(again) == 0
    assert not tree.is_usable()
    assert again.refused("policy", text=older) == "older"
    assert again.ask("policy", text=newer) == {"version": 5}
    assert tree.is_usable()
    again.close()


def test_an_older_one_put_in_its_place_is_not_in_force(tree: AgentOnTree, window: Window) -> None:
    older = tree.sign_policy(STICK_RULE, version=4)
    window.ask("policy", text=tree.sign_policy(RULES, version=5))
    tree.stop()
    (tree.places.state / "policy").write_text(older)
    tree.plug()
    tree.start()
    again = Window(tree)
    assert version(again) == 0
    assert not tree.is_usable()
    assert tree.records()[-2]["why"] == "older"
    again.close()


def test_a_crash_between_policy_and_highest_loses_neither(tree: AgentOnTree, window: Window) -> None:
    tree.stop()
    (tree.places.state / "policy").write_text(tree.sign_policy(STICK_RULE, version=9))
    tree.plug()
    tree.start()
    assert tree.is_usable()
    assert (tree.places.state / "highest").read_text().split()[0] == "9"


def test_where_the_highest_cannot_be_read_nothing_is_in_force(tree: AgentOnTree, window: Window) -> None:
    tree.stop()
    (tree.places.state / "highest").write_text("-")
    tree.plug("03:01:01", id="046d:c31c")
    tree.start()
    again = Window(tree)
    assert not tree.is_usable()
    assert again.refused("policy", text=tree.sign_policy(RULES, version=100)) == "not_kept"
    again.close()


def test_each_group_has_its_own_versions(tree: AgentOnTree, window: Window) -> None:
    window.ask("policy", text=tree.sign_policy(RULES, version=12))
    settings = tree.places.settings

    def move(to: str) -> Window:
        tree.stop()
        before, after = (f'"{name}"' for name in (("counters", to) if to != "counters" else ("office", to)))
        settings.write_text(settings.read_text().replace(before, after))
        tree.start()
        return Window(tree)

    there = move("office")
    assert version(there) == 0
    assert there.ask("policy", text=tree.sign_policy(STICK_RULE, version=3, group="office")) == {"version": 3}
    there.close()
    # and back, where none is good that is older than what was there
    back = move("counters")
    assert back.refused("policy", text=tree.sign_policy(RULES, version=11)) == "older"
    assert back.ask("policy", text=tree.sign_policy(RULES, version=13)) == {"version": 13}
    back.close()
    again = move("office")
    assert again.refused("policy", text=tree.sign_policy("", version=2, group="office")) == "older"
    again.close()


def test_the_last_record_of_a_policy_says_which_is_in_force(tree: AgentOnTree, window: Window) -> None:
    # the record can be written, the policy cannot
    (tree.places.state / ".policy.new").mkdir()
    assert window.refused("policy", text=tree.sign_policy(STICK_RULE)) == "not_kept"
    assert version(window) == 1
    said = [record["version"] for record in tree.records() if record["what"] == "policy"]
    assert said == [2, 1]


def test_one_that_cannot_be_kept_is_not_in_force(tree: AgentOnTree, window: Window) -> None:
    tree.plug()
    window.device()
    tree.fill_the_disk()
    assert window.refused("policy", text=tree.sign_policy(STICK_RULE)) == "not_kept"
    assert not tree.is_usable()
    assert version(window) == 1


def test_one_that_was_changed_on_the_disk_is_not_in_force(tree: AgentOnTree) -> None:
    tree.stop()
    kept = tree.places.state / "policy"
    kept.write_text(kept.read_text().replace("046d", "0951").replace("03:01:01", "08:06:50"))
    tree.plug(id="0951:c31c")
    tree.start()
    assert not tree.is_usable()


def test_without_the_administrators_key_nothing_is_in_force(tree: AgentOnTree) -> None:
    tree.stop()
    tree.places.public_key.write_text(public_text(new_key().public_key()))
    tree.plug("03:01:01", id="046d:c31c")
    tree.start()
    assert not tree.is_usable()
    tree.stop()
    tree.places.public_key.unlink()
    tree.start()
    assert not tree.is_usable()
