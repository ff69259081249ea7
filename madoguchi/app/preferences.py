"""How a terminal's clerks like it to look and to sound: changed at the counter, kept beside the settings.

No secret and nobody's data is among them, and a terminal works without them: a file that cannot be read is as
good as none.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_config_path

from madoguchi.app.settings import Settings

SMALLEST_TEXT: Final = 1.0
LARGEST_TEXT: Final = 2.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What can be chosen at the counter.

    Attributes:
        text_scale: size of text, 1.0 to 2.0; 0 chooses by the screen.
        high_contrast: light text on black.
        silenced: names of the families of sounds that are not to be heard.
    """

    text_scale: float = 0.0
    high_contrast: bool = False
    silenced: frozenset[str] = frozenset()


def preferences_file(environment: Mapping[str, str] | None = None) -> Path:
    """Where the preferences lie: beside ``settings.toml``."""
    home = (os.environ if environment is None else environment).get("MADOGUCHI_HOME")
    folder = Path(home) if home else user_config_path("madoguchi", appauthor=False)
    return folder / "preferences.json"


def load_preferences(settings: Settings, file: Path | None) -> Preferences:
    """What was chosen last; what never was is as the settings say."""
    usual = Preferences(settings.text_scale, settings.high_contrast)
    if file is None:
        return usual
    try:
        chosen = json.loads(file.read_text(encoding="utf-8"))
        scale = float(chosen["text_scale"])
        if scale and not SMALLEST_TEXT <= scale <= LARGEST_TEXT:
            raise ValueError(f"text_scale: {scale}")
        return Preferences(
            scale, chosen["high_contrast"] is True, frozenset(str(name) for name in chosen["silenced"])
        )
    except FileNotFoundError:
        return usual
    except (OSError, ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        _log.warning("%s cannot be used and is left aside: %s", file, error)
        return usual


def save_preferences(preferences: Preferences, file: Path) -> None:
    """Keeps what was chosen; the old file stays whole until the new one is.

    Raises:
        OSError: the folder cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(file.name + ".new")
    chosen = {
        "text_scale": preferences.text_scale,
        "high_contrast": preferences.high_contrast,
        "silenced": sorted(preferences.silenced),
    }
    unfinished.write_text(json.dumps(chosen) + "\n", encoding="utf-8")
    unfinished.replace(file)
