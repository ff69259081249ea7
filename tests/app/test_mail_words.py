"""What may stand in the library's mail; and that the words it begins with may."""

from __future__ import annotations

import importlib

import pytest

from madoguchi.app.reservations.mail import filled, problems

CIRCLE = importlib.import_module("madoguchi.app.server.migrations.versions.0013_circle")


def test_the_words_a_library_begins_with_are_good_and_say_where_and_until_when() -> None:
    assert list(problems(CIRCLE._SUBJECT, CIRCLE._BODY)) == []
    said = filled(CIRCLE._BODY, branch="辻堂市民図書館", keep_until="2026年5月20日（水）")
    assert "受取館　辻堂市民図書館\n取置期限　2026年5月20日（水）\n" in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("subject", "body", "sentences"),
    [
        ("{title}", "{branch} {title} {Branch}", [
            "the subject: there is no {title}; there are {branch} and {keep_until}",
            "the text: there is no {title}; there are {branch} and {keep_until}",
            "the text: there is no {Branch}; there are {branch} and {keep_until}",
        ]),
        ("用意できました", "{branch", ["the text: a brace that belongs to no placeholder"]),
        ("用意できました", "{ }}", [
            "the text: there is no { }; there are {branch} and {keep_until}",
            "the text: a brace that belongs to no placeholder",
        ]),
        (" ", "\u3000\n", ["the subject is empty", "the text is empty"]),
        ("あ" * 201, "あ" * 4001, [
            "the subject has 201 characters, more than 200", "the text has 4001 characters, more than 4000",
        ]),
        # a second line of it would be read as a line of the mail's head
        ("用意\nBcc: x@example.com", "x\r\n\u202e", [
            "the subject: a character that is not seen (U+000A)",
            "the text: a character that is not seen (U+000D)",
            "the text: a character that is not seen (U+202E)",
        ]),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_said_in_a_sentence(subject: str, body: str, sentences: list[str]) -> None:
    assert list(problems(subject, body)) == sentences
