#!/usr/bin/env python3
"""Every sentence that the core can make is in the phrase book of every language.

A sentence is made of string literals; each literal of the sources below that reads like words must be a part of some
English pattern in bridge/speech/german_*.cpp. What no sleeper sees on a page is named in kNotSeen, with its reason.
    phrases.py ROOT
"""
import re
import sys
from pathlib import Path

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
SOURCES = [p for folder in ("automations", "automations/rules", "automations/learn", "automations/restlessness", "devices/safety")
           for p in sorted((ROOT / folder).glob("*.cpp"))]
SOURCES += [ROOT / p for p in ("devices/dialects/zigbee2mqtt_gate.cpp", "automations/night/report.cpp",
                               "automations/night/lanes.cpp", "bridge/home_assistant/websocket/socket.cpp",
                               "bridge/ntfy/queue.cpp", "bridge/ntfy/post.cpp", "bridge/tls_words.cpp",
                               "bridge/api/doorkeeper.cpp", "bridge/api/api.cpp", "bridge/api/commands.cpp", "bridge/api/past.cpp",
                               "bridge/api/trying.cpp", "bridge/api/worker.cpp", "bridge/http/server.cpp", "bridge/http/connection.cpp",
                               "bridge/http/assets.cpp", "bridge/home_assistant/command_json.cpp", "automations/night/picture.cpp",
                               "automations/night/picture_lanes.cpp")]
LEFT_OUT = {"record.cpp", "record_read.cpp", "snapshot.cpp", "calendar.cpp"}  # words for journals, not for people
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
COMMENT = re.compile(r"//.*$")


def literals(path):
    """Adjacent ones are one, as for the compiler."""
    text = "\n".join(COMMENT.sub("", line) for line in path.read_text().splitlines()
                     if not line.lstrip().startswith("#include"))
    text = re.sub(r'R"\(.*?\)"', '""', text, flags=re.S)
    for run in re.finditer(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', text):
        joined = "".join(LITERAL.findall(run.group(0)))
        yield joined.replace('\\"', '"').replace("\\n", "\n"), text.count("\n", 0, run.start()) + 1


def main():
    not_seen = {line.strip() for line in (Path(__file__).parent / "phrases_not_seen.txt").read_text().splitlines()
                if line.strip() and not line.startswith("#")}
    english = []
    for book in sorted((ROOT / "bridge/speech").glob("german_*.cpp")):
        english += [text for text, _ in literals(book)]
    known = "\n".join(re.sub(r"\{[a-z]\}", "\0", text) for text in english)
    wrong, used = [], set()
    for path in SOURCES:
        if path.name in LEFT_OUT:
            continue
        for text, line in literals(path):
            for piece in re.split(r"[;:.,()\"?\n]+", text):
                piece = piece.strip(" '`")
                if not re.search(r"[a-z]{2,} [a-z]", piece) or piece in known:
                    continue
                if piece in not_seen:
                    used.add(piece)
                    continue
                wrong.append(f"{path.relative_to(ROOT)}:{line}: no phrase for \"{piece}\"")
    wrong += [f"tests/tidy/phrases_not_seen.txt: nobody says \"{piece}\" any more" for piece in sorted(not_seen - used)]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
