"""The sentences of the blueprints and of the sentence files, the corpus, and a small matcher of Home Assistant's templates.

Reads the few forms of YAML that these files have, so that no test needs a library that a plain Debian lacks.
"""

from __future__ import annotations

import functools
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "docs/home_assistant"
LANGUAGES = ("en", "de")

# Which intent of the sentence file is which wish of the blueprint. Minutes other than ten are the blueprint's alone: the
# file would have to publish, which only administrators may.
INTENTS = {"LullStopMassage": "stop_massage", "LullStopAll": "stop_all", "LullHeatOff": "heat_off", "LullSofter": "softer",
           "LullStronger": "stronger", "LullLonger": "longer 10", "LullNotTonight": "not_tonight", "LullReplay": "replay",
           "LullWindDown": "wind_down", "LullWindDownStop": "wind_down_stop", "LullLastNight": "last_night",
           "LullNever": "never"}
STARTS = {"replay", "wind_down"}


def _lists(lines: list[str], heading: str, item: str) -> dict[str, list[str]]:
    """What stands in quotes under each heading."""
    found: dict[str, list[str]] = {}
    inside = ""
    for line in lines:
        if match := re.match(heading, line):
            inside = match[1].strip('"')
            found[inside] = []
        elif (match := re.match(item, line)) and inside:
            found[inside].append(json.loads(match[1]))
    return found


def blueprint(language: str) -> dict[str, list[str]]:
    """Wish -> its templates."""
    text = (SHIPPED / f"blueprints/automation/lull/voice_{language}.yaml").read_text()
    lines = text[text.index("\ntriggers:\n"):text.index("\nvariables:\n")].splitlines()
    return _lists(lines, r"^  - id: ([a-z_]+(?: \d+)?)", r'^      - (".*")$')


def sentence_file(language: str) -> dict[str, list[str]]:
    lines = (SHIPPED / f"custom_sentences/{language}/lull.yaml").read_text().splitlines()
    found = _lists(lines, r"^  (Lull\w+):$", r'^          - (".*")$')
    return {INTENTS[name.removesuffix("De")]: all_ for name, all_ in found.items()}


def corpus(language: str) -> tuple[dict[str, list[str]], list[str]]:
    """(wish -> what must cause it, what must start nothing)"""
    lines = (ROOT / f"tests/e2e/voice/{language}.yaml").read_text().splitlines()
    must = _lists(lines, r'^  ("?[a-z_]+(?: \d+)?"?):$', r'^    - (".*")$')
    return must, [json.loads(line[4:]) for line in lines if line.startswith('  - "')]


@functools.cache
def pattern(template: str) -> re.Pattern:
    """[optional], (one|other). Spaces are taken loosely: the real matcher is asked in voice_test.py."""
    out = ""
    for c in template:
        out += {"[": "(?:", "(": "(?:", ")": ")", "]": ")?", "|": "|", " ": " *"}.get(c) or re.escape(c)
    return re.compile(" *" + out + " *", re.IGNORECASE)


def matches(templates: list[str], said: str) -> bool:
    plain = " ".join(re.sub(r"[.,!?;:…]", "", said).split())
    return any(pattern(one).fullmatch(plain) for one in templates)
