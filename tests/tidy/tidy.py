#!/usr/bin/env python3
# The tidy test: what a compiler does not see. Prints file:line for each breach and ends with 1 if there is one.
#
#   tidy.py ROOT               checks the tree
#   tidy.py ROOT --self-test   plants each kind of breach in a copy and sees it found
import pathlib
import re
import sys
import tempfile

# Arrows point one way. The tests are free.
MAY_INCLUDE = {
    "devices": ("devices",),
    "automations": ("automations", "devices"),
    "config": ("config", "automations", "devices"),
    "bridge": ("bridge", "config", "automations", "devices"),
}
LAYERS = tuple(MAY_INCLUDE)
LONGEST = 400

# devices/ and automations/ have no clock, thread, file, socket or log: a night must replay bit for bit.
PURE = ("devices", "automations")
STRAY_HEADER = re.compile(
    r"#\s*include\s*<(fstream|iostream|thread|mutex|shared_mutex|condition_variable|future|stop_token|semaphore|latch|"
    r"barrier|filesystem|random|ctime|time\.h|sys/[\w./]+|unistd\.h|fcntl\.h|netinet/[\w./]+|arpa/[\w./]+|netdb\.h|"
    r"csignal|signal\.h|syslog\.h|boost/[\w./]+|spdlog/[\w./]+|mqtt/[\w./]+|MQTT\w*\.h|sqlite3\.h|"
    r"mosquitto\.h|openssl/[\w./]+|CLI/[\w./]+)>")
STRAY_CALL = re.compile(
    r"\b(?:\w+_clock::now|clock_gettime|gettimeofday|std::time\s*\(|::time\s*\(|localtime(?:_r)?\s*\(|gmtime(?:_r)?\s*\(|"
    r"std::getenv|getenv\s*\(|std::rand\b|random_device|mt19937|std::thread|std::async|std::mutex|sleep_for|sleep_until|"
    r"fopen\s*\(|std::[io]?fstream|std::c(?:out|err|log)|f?printf\s*\(|puts\s*\(|get_tzdb|current_zone)")

# Words of unfinished work, and of the place where this was written. Spelled in pieces, or this file would breach itself.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
WORKPLACE = re.compile("|".join(("/wor" + "k/", "/tmp/" + "wt", r"\.lib" + "rary", r"\bsha" + "red/", "lull-" + "brief")))
# The only file that may look beside the repository, for recordings that are not ours to publish.
LOOKS_OUTSIDE = {".ci/run"}

TEXT = {".cpp", ".hpp", ".py", ".md", ".txt", ".yaml", ".yml", ".json", ".cmake", ".sh", ".service", ".ts", ".mjs", ".cjs", ".js",
        ".css", ".html", ".svg", ".ini", ".conf", ""}
SKIPPED = {"build", ".git", "node_modules", ".cache", "__pycache__", "dist"}
# Bytes that were recorded or generated, not written: they may hold any word and be of any length.
GENERATED = re.compile(r"(^|/)(corpus|recorded|recordings|fixtures|testdata)/|package-lock\.json$|requirements[\w.-]*\.txt$")


def without_comments(line):
    return re.sub(r'"(?:\\.|[^"\\])*"', '""', line).split("//", 1)[0]


def files_of(root):
    stack = [root]
    while stack:
        for path in sorted(stack.pop().iterdir()):
            if path.is_symlink():
                continue
            if path.is_dir():
                if path.name not in SKIPPED:
                    stack.append(path)
            elif path.suffix in TEXT and path.name not in SKIPPED:  # .git is a file in a worktree
                yield path


def check_arrows(name, layer, number, line, breaches):
    found = re.match(r'\s*#\s*include\s*[<"]([\w.+-]+)/', line)
    if found and found[1] in LAYERS + ("tests",) and found[1] not in MAY_INCLUDE[layer]:
        breaches.append(f"{name}:{number}: {layer}/ must not include {found[1]}/ (devices <- automations <- config <- bridge)")


def check_purity(name, layer, number, line, breaches):
    for found in (STRAY_HEADER.search(line), STRAY_CALL.search(without_comments(line))):
        if found:
            breaches.append(f"{name}:{number}: '{found[0].strip()}' in {layer}/, which knows no clock, thread, file, socket or log")


def check_length(name, text, breaches):
    lines = len(text.splitlines())
    if lines > LONGEST:
        breaches.append(f"{name}:{LONGEST + 1}: {lines} lines; nobody reads more than {LONGEST} in one breath")


def check_source(root, path, text, breaches):
    name = path.relative_to(root).as_posix()
    lines = text.splitlines()
    if not lines or not lines[0].startswith("//"):
        breaches.append(f"{name}:1: the first line must be a comment that says what the file is for")
    if path.suffix == ".hpp" and not any(line.strip() == "#pragma once" for line in lines[:5]):
        breaches.append(f"{name}:1: a header without #pragma once near its top")
    layer = name.split("/", 1)[0]
    if layer in LAYERS:
        for number, line in enumerate(lines, 1):
            check_arrows(name, layer, number, line, breaches)
            if layer in PURE:
                check_purity(name, layer, number, line, breaches)


def check_mirror(root, breaches):
    """Each folder of tests for a layer has its like in the layer, so that a reader finds either from the other."""
    for layer in LAYERS:
        top = root / "tests" / layer
        for folder in [top, *sorted(top.rglob("*"))] if top.is_dir() else []:
            if folder.is_dir() and any(folder.glob("*.cpp")):  # a folder of recordings mirrors nothing
                name = folder.relative_to(root / "tests").as_posix()
                if not (root / name).is_dir():
                    breaches.append(f"tests/{name}:1: mirrors nothing: there is no folder {name}")


def check(root):
    breaches, seen = [], 0
    for path in files_of(root):
        name = path.relative_to(root).as_posix()
        if GENERATED.search(name):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            if path.suffix:
                breaches.append(f"{name}:1: not UTF-8")
            continue
        seen += 1
        for number, line in enumerate(text.splitlines(), 1):
            if UNFINISHED.search(line):
                breaches.append(f"{name}:{number}: unfinished work: {line.strip()[:80]}")
            if WORKPLACE.search(line) and name not in LOOKS_OUTSIDE:
                breaches.append(f"{name}:{number}: names the place where it was written: {line.strip()[:80]}")
        if path.suffix in (".cpp", ".hpp", ".py"):
            check_length(name, text, breaches)
        if path.suffix in (".cpp", ".hpp"):
            check_source(root, path, text, breaches)
    check_mirror(root, breaches)
    return breaches, seen


PLANTED = (  # file, text, what must be said
    ("devices/a.cpp", '// A.\n#include "bridge/log.hpp"\n', "devices/a.cpp:2: devices/ must not include bridge/"),
    ("automations/a.cpp", '// A.\n#include "config/x.hpp"\n', "automations/a.cpp:2: automations/ must not include config/"),
    ("config/a.hpp", '// A.\n#pragma once\n#include "bridge/x.hpp"\n', "config/a.hpp:3: config/ must not include bridge/"),
    ("bridge/a.cpp", '// A.\n#include "tests/x.hpp"\n', "bridge/a.cpp:2: bridge/ must not include tests/"),
    ("devices/b.cpp", "// B.\n#include <thread>\n", "devices/b.cpp:2: '#include <thread>'"),
    ("devices/b.cpp", "// B.\nauto t = std::chrono::steady_clock::now();\n", "devices/b.cpp:2: 'steady_clock::now'"),
    ("automations/b.cpp", "// B.\n\nstd::cout << 1;\n", "automations/b.cpp:3: 'std::cout'"),
    ("automations/b.cpp", "// B.\n#include <spdlog/spdlog.h>\n", "automations/b.cpp:2: '#include <spdlog/spdlog.h>'"),
    ("devices/c.hpp", "// C.\nint c();\n", "devices/c.hpp:1: a header without #pragma once"),
    ("devices/c.cpp", "int c();\n", "devices/c.cpp:1: the first line must be a comment"),
    ("bridge/long.cpp", "// L.\n" + "int x;\n" * 400, "bridge/long.cpp:401: 401 lines"),
    ("tests/long.py", "x = 1\n" * 401, "tests/long.py:401: 401 lines"),
    ("docs/a.md", "later\n" + "TO" + "DO: write\n", "docs/a.md:2: unfinished work"),
    ("docs/a.md", "see /wor" + "k/main\n", "docs/a.md:1: names the place where it was written"),
    ("tests/devices/nowhere/a.cpp", "// A.\n", "tests/devices/nowhere:1: mirrors nothing"),
)
INNOCENT = (
    ("devices/ok.cpp", '// It is told the time: steady_clock::now() is not for here.\n#include "devices/units.hpp"\n'),
    ("devices/time.cpp", '// A word in a text is no call.\nconst char* s = "std::cout";\n#include <cstdio>\nint n = std::snprintf(b, 1, "x");\nint lifetime(int);\nint y = lifetime(2);\n'),
    ("bridge/now.cpp", "// The shell has a clock.\nauto t = std::chrono::steady_clock::now();\n#include <thread>\n"),
    ("tests/devices/x_test.cpp", '// Tests are free.\n#include "bridge/x.hpp"\n'),
)


def self_test():
    for name, text, said in PLANTED + tuple((n, t, None) for n, t in INNOCENT):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for layer in LAYERS:
                (root / layer).mkdir()
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
            breaches, _ = check(root)
            if said is None and breaches:
                sys.exit(f"an innocent file was accused: {breaches}")
            if said is not None and not any(b.startswith(said) for b in breaches):
                sys.exit(f"planted in {name}, expected '{said}', found {breaches}")
    print(f"tidy: found each of {len(PLANTED)} planted breaches, accused none of {len(INNOCENT)} innocents")


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[2] == "--self-test":
        self_test()
    else:
        breaches, seen = check(pathlib.Path(sys.argv[1]).resolve())
        print(*breaches, sep="\n" if breaches else "")
        print(f"tidy: {seen} files, {len(breaches)} breaches")
        sys.exit(1 if breaches or not seen else 0)
