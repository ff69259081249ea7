"""The words of the library's mail: what may stand in them, and a mail as it will be read. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

PLACEHOLDERS: Final = ("branch", "keep_until")
"""What stands for the branch to come to, and for the last day. There is none for a title: whoever shares a
mailbox reads the mail, too."""

LONGEST_SUBJECT: Final = 200
LONGEST_BODY: Final = 4000

_PLACEHOLDER: Final = re.compile(r"\{([^{}\n]*)\}")


def problems(subject: str, body: str) -> Iterator[str]:
    """Why these words cannot be a mail's, each in a sentence; nothing: they can.

    A placeholder that there is not would be sent to readers as it stands, and a subject of two lines would
    write into the mail's head.
    """
    for name, text, longest in (("subject", subject, LONGEST_SUBJECT), ("text", body, LONGEST_BODY)):
        if not text.strip():
            yield f"the {name} is empty"
        if len(text) > longest:
            yield f"the {name} has {len(text)} characters, more than {longest}"
        for found in dict.fromkeys(_PLACEHOLDER.findall(text)):
            if found not in PLACEHOLDERS:
                known = " and ".join(f"{{{each}}}" for each in PLACEHOLDERS)
                yield f"the {name}: there is no {{{found}}}; there are {known}"
        if set("{}") & set(_PLACEHOLDER.sub("", text)):
            yield f"the {name}: a brace that belongs to no placeholder"
        for letter in dict.fromkeys(text):
            if not letter.isprintable() and (letter != "\n" or name == "subject"):
                yield f"the {name}: a character that is not seen (U+{ord(letter):04X})"


def filled(text: str, *, branch: str, keep_until: str) -> str:
    """The words as a reader will see them; the library's own are filled in by its database."""
    return text.replace("{branch}", branch).replace("{keep_until}", keep_until)
