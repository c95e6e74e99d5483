#!/usr/bin/env python3
# A promise whose test was renamed is a promise without a test: every test, file and symbol that docs/SAFETY.md names
# must exist, and be where the page says: in tests/automations/, or in the folder that stands before it, up to the next
# semicolon. Prints line and name of each that does not, and ends with 1.
#
#   safety.py ROOT               checks the page
#   safety.py ROOT --self-test   plants names that do not exist and sees them found
import os
import pathlib
import re
import sys

PAGE = "docs/SAFETY.md"
CODE = ("devices", "automations", "config", "bridge")
FILE = re.compile(r"^[\w./*-]+\.(cpp|hpp|py|txt|yaml|md|cjs|mjs)$|^[\w./-]+/$")
TEST = re.compile(r"^([A-Z]\w+)\.([A-Z]\w+|\*|[A-Z]\w+…)$")
AGAIN = re.compile(r"^\.([A-Z]\w+)$")  # another test of the suite named before
PROGRAM = re.compile(r"^(program\.\w+|Tidy\.\w+)$")
FOLDER = re.compile(r";|(?<![`/\w])tests/(\w+)")
SYMBOL = re.compile(r"^[a-z_][\w]*(::[\w~]+)*$|^[A-Z]\w+(::[\w~]+)+$")


class Tree:
    def __init__(self, root):
        self.root = root
        self.files = []
        for folder, below, names in os.walk(root):
            below[:] = [b for b in below if b not in ("build", ".git", "node_modules", "__pycache__")]
            self.files += [pathlib.Path(folder) / n for n in names]
        self.names = [p.relative_to(root).as_posix() for p in self.files]
        text = {n: p.read_text(errors="replace") for n, p in zip(self.names, self.files)
                if p.suffix in (".cpp", ".hpp", ".py", ".inc") or p.name == "CMakeLists.txt"}
        self.code = {n: t for n, t in text.items()
                     if n.split("/")[0] in CODE + ("tests",) and not n.startswith("tests/tidy/")}
        self.tests = {}  # (suite, name): the folders of tests/
        for n, t in text.items():
            for m in re.finditer(r"\bTEST(?:_[FP])?\(\s*(\w+)\s*,\s*(\w+)\s*\)", t) if n.startswith("tests/") else ():
                self.tests.setdefault((m[1], m[2]), set()).add(n.split("/")[1])
        self.cmake = " ".join(t for n, t in text.items() if n.endswith("CMakeLists.txt"))

    def file(self, name):
        if name.endswith("/"):
            return any(n.startswith(name) or "/" + name in n for n in self.names)
        pattern = re.compile(r"(^|/)" + re.escape(name).replace(r"\*", "[^/]*") + "$")
        return [n for n in self.names if pattern.search(n)]

    def test(self, suite, name, folder):
        """Whether it is in that folder; if not, where it is."""
        found = set().union(*(where for (s, n), where in self.tests.items() if s == suite and (
            name in ("*", n) or name.endswith("…") and n.startswith(name[:-1]))))
        return folder in found, found

    def program(self, name):
        short = name.split(".")[1]
        return bool(re.search(r"\b" + re.escape(name) + r"\b", self.cmake)) or (
            name.startswith("program.") and bool(re.search(r"foreach\(story[^)]*\b" + short + r"\b", self.cmake)))

    def word(self, name, within):
        last = re.compile(r"\b" + re.escape(name.split("::")[-1]) + r"\b")
        return any(last.search(t) for n, t in self.code.items() if not within or n in within)


def check(tree, text):
    missing, suite = [], None
    for number, line in enumerate(text.splitlines(), 1):
        for cell in re.split(r"(?<!\\)\|", line):
            within, folder = [], "automations"  # "`file.cpp`: `symbol`": in that file
            for found in re.finditer(r"`([^`]+)`(:?)|" + FOLDER.pattern, cell):
                if found[1] is None:
                    folder = found[3] or "automations"
                    continue
                name, colon, is_in = found[1], found[2], set()
                if m := TEST.match(name):
                    suite = m[1]
                    ok, is_in = tree.test(*m.groups(), folder)
                    ok = ok or tree.program(name)
                elif m := AGAIN.match(name):
                    ok, is_in = tree.test(suite, m[1], folder)
                elif PROGRAM.match(name):
                    ok = tree.program(name)
                elif FILE.match(name):
                    hits = tree.file(name)
                    ok, within = bool(hits), hits if colon and hits is not True else []
                elif within and SYMBOL.match(name):
                    ok = tree.word(name, within)
                elif "_" in name and SYMBOL.match(name):
                    ok = tree.word(name, [])
                else:
                    continue  # a command, a payload, a word of the configuration
                if not ok and is_in:
                    missing.append(f"{PAGE}:{number}: `{name}` is in tests/{', '.join(sorted(is_in))}, not in tests/{folder}")
                elif not ok:
                    missing.append(f"{PAGE}:{number}: `{name}` does not exist{' in ' + ', '.join(within) if within else ''}")
    return missing


def self_test(tree):
    planted = {"`HeatIsLeased.AndNobodyWroteThis`": 1, "`HeatIsLeased.AndTheLeaseIsRenewedBeforeItRunsOut`, `.AndNeither`": 1,
               "`nowhere.cpp`": 1, "`interlock.cpp`: `reviewed_by_nobody`": 1, "`no_such_symbol_here`": 1,
               "`program.nothing`": 1, "`TheInterlock.RefusesForEachDoubtAlone`": 1,
               "tests/devices: `TheInterlock.RefusesForEachDoubtAlone`; `.LocksAMassageThatAFlagForbids`": 1,
               "tests/devices: `TheInterlock.RefusesForEachDoubtAlone`, `.LocksAMassageThatAFlagForbids`": 0,
               "`interlock.cpp`: `review`; `HeatIsLeased.AndTheLeaseIsRenewedBeforeItRunsOut`; `program.service`": 0}
    for text, expected in planted.items():
        found = check(tree, text)
        if len(found) != expected:
            sys.exit(f"planted {text}: expected {expected}, found {found}")
    print(f"safety: found what was planted in {len(planted)} lines")


if __name__ == "__main__":
    tree = Tree(pathlib.Path(sys.argv[1]).resolve())
    if len(sys.argv) > 2 and sys.argv[2] == "--self-test":
        self_test(tree)
    else:
        missing = check(tree, (tree.root / PAGE).read_text())
        print(*missing, sep="\n" if missing else "")
        print(f"safety: {len(tree.tests)} tests known, {len(missing)} names on the page do not exist there")
        sys.exit(1 if missing else 0)
