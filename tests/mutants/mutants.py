#!/usr/bin/env python3
"""Breaks the lines of mutants.txt one by one in a copy of the tree; each time some test must notice.

    mutants.py                 all of them: an hour on two slow cores, less with a warm ccache
    mutants.py PART...         those whose name or file contains one of these
    mutants.py --sample N      N of them, spread over the list, others each day
    mutants.py --check         only whether each still finds its line (seconds)

Ends with 1 if one survives, does not compile, or no longer finds its line. Your tree is never touched.
"""
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COPY = ROOT / "build/mutants"
BUILD = COPY / "build/release"  # where a tree's own build lies too, so that ccache knows what is not mutated
PATIENCE = 240  # seconds; what takes longer hangs, and that is noticed
# A broken line may leave a name unused, and that is no error here. Only the broken file says so: all others are compiled
# with the very flags of the tree's own build, so that ccache knows them.
LENIENT = "".join(f'#pragma GCC diagnostic warning "-W{what}"\n' for what in (
    "unused-variable", "unused-parameter", "unused-but-set-variable", "unused-function", "unused-value"))

# Fastest first. The long generated nights come last, and only a few of them.
AUTOMATIONS = ("test_automations", "-*Recording*:*Generated*:EveryMoment*", None)
DEVICES = ("test_devices", "*", None)
STORIES = ("test_stories", "-AThousandNights.*", None)
NIGHTS = ("test_stories", "AThousandNights.*FirstQuarter", "60")
BRIDGE = ("test_bridge", "*", None)
# The web door is reached by its sockets only. With the program itself: a script of tests/integration, and its tests.
HTTP = ("test_integration", "AnHttpServer.*", None)
LOGIN, PAGE, STRANGERS = (("lull", f"{name}_test.py", None) for name in ("login", "page", "strangers"))
SUITES = {"bridge/http": (HTTP, STRANGERS), "bridge/api": (BRIDGE, STRANGERS, PAGE, LOGIN),
          "devices": (DEVICES, AUTOMATIONS, STORIES, NIGHTS), "automations": (AUTOMATIONS, STORIES, NIGHTS),
          "bridge": (BRIDGE, STORIES, NIGHTS)}


def suites_of(file):
    first, second = file.split("/")[:2]
    return SUITES.get(f"{first}/{second}") or SUITES[first]


class Mutant:
    def __init__(self, block):
        fields = dict(re.findall(r"^(name|file|was|is|why|nth|story): (.+)$", block, re.M))
        missing = {"name", "file", "was", "is", "why"} - set(fields)
        if missing:
            sys.exit(f"mutants.txt: a block lacks {', '.join(sorted(missing))}:\n{block}")
        self.name, self.file, self.was, self.now, self.why = (fields[k] for k in ("name", "file", "was", "is", "why"))
        self.nth = int(fields.get("nth", 1))  # of several equal lines: this one
        self.any = "nth" not in fields
        # What only the running program shows: a script of tests/integration and its tests, for example
        # "ntfy_test.py Looks.test_its_certificate_is_checked".
        self.suites = (("lull", fields["story"], None),) if "story" in fields else suites_of(self.file)

    def problem(self):
        """Why it cannot be planted; None when it can."""
        path = ROOT / self.file
        found = path.read_text().count(self.was) if path.exists() else -1
        if found < 0:
            return f"there is no {self.file}"
        if found == 0:
            return f"its line is gone from {self.file}: {self.was}"
        if found > 1 and self.any:
            return f"its line stands {found} times in {self.file}; say which by nth: {self.was}"
        return None if found >= self.nth else f"its line stands only {found} times in {self.file}"

    def plant(self):
        """Returns what stood there before."""
        before = (COPY / self.file).read_text()
        parts = before.split(self.was)
        (COPY / self.file).write_text(LENIENT + self.was.join(parts[:self.nth]) + self.now + self.was.join(parts[self.nth:]))
        return before


def read_all():
    text = re.sub(r"^#.*\n", "", (HERE / "mutants.txt").read_text(), flags=re.M)
    return [Mutant(block) for block in re.split(r"\n\s*\n", text.strip())]


def copy_tree():
    """As it is now, uncommitted work included. Only what differs is written, so that little is built again."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True,
                           text=True).stdout.splitlines()
    wanted = {n for n in names if (ROOT / n).is_file() and (not n.startswith("tests/peers/") or n.endswith(".ndjson"))}
    for name in wanted:
        data, to = (ROOT / name).read_bytes(), COPY / name
        if not to.exists() or to.read_bytes() != data:
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(data)
            shutil.copymode(ROOT / name, to)
    for folder, below, files in os.walk(COPY):
        if pathlib.Path(folder) == COPY:
            below[:] = [b for b in below if b != "build"]
        for path in (pathlib.Path(folder) / f for f in files):
            if path.relative_to(COPY).as_posix() not in wanted:
                path.unlink()


def run(arguments, **more):
    env = {**os.environ, "CCACHE_BASEDIR": str(COPY), "CCACHE_NOHASHDIR": "1", **more}
    return subprocess.run(arguments, cwd=COPY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          env=env, timeout=PATIENCE if "GTEST_COLOR" in more else None)


def build(target):
    return run(["cmake", "--build", str(BUILD), "--parallel", str(os.cpu_count()), "--target", target])


def noticed(suite):
    """The first test that fails, or None. A crash and a hang are failures too."""
    target, tests, nights = suite
    made = build(target)
    if made.returncode:
        return None, made.stdout[-1500:]
    program = [str(BUILD / "tests" / target), f"--gtest_filter={tests}", "--gtest_fail_fast", "--gtest_brief=1"]
    if target == "lull":
        script, *names = tests.split()
        program = [sys.executable, f"tests/integration/{script}", str(BUILD / target), "-f", *names]
    try:
        ran = run(program, GTEST_COLOR="no", **({"LULL_NIGHTS": nights} if nights else {}))
    except subprocess.TimeoutExpired:
        return f"{target} hangs", None
    if ran.returncode == 0:
        return None, None
    failed = re.search(r"\[  FAILED  \] ([\w/]+\.[\w/]+)", ran.stdout) or re.search(r"^(?:FAIL|ERROR): (\w+)", ran.stdout, re.M)
    return failed[1] if failed else f"{target} crashes ({ran.returncode})", None


def prepare(suites):
    copy_tree()
    own = ROOT / "build/release/CMakeCache.txt"
    strict = own.exists() and "LULL_WERROR:BOOL=ON" in own.read_text()
    made = run(["cmake", "--preset", "release", "-DLULL_TESTS=ON", f"-DLULL_WERROR={'ON' if strict else 'OFF'}"])
    if made.returncode:
        sys.exit(made.stdout)
    for suite in suites:  # a test that fails anyway notices nothing
        by, trouble = noticed(suite)
        if by or trouble:
            sys.exit(f"without any mutant: {by or trouble}")


def try_one(mutant):
    before = mutant.plant()
    try:
        for suite in mutant.suites:
            by, trouble = noticed(suite)
            if trouble:
                return f"DOES NOT COMPILE\n{trouble}", False
            if by:
                return f"noticed by {by}", True
        return f"SURVIVED: {mutant.why} ({mutant.file})", False
    finally:
        (COPY / mutant.file).write_text(before)


def chosen(arguments, mutants):
    if arguments[:1] == ["--sample"]:
        n = int(arguments[1])
        first = datetime.date.today().toordinal() % max(1, len(mutants) // n)
        return mutants[first::max(1, len(mutants) // n)][:n]
    return [m for m in mutants if not arguments or any(a in m.name or a in m.file for a in arguments)]


def main(arguments):
    mutants = read_all()
    stale = [f"{m.name}: {m.problem()}" for m in mutants if m.problem()]
    if len({m.name for m in mutants}) != len(mutants):
        stale.append("two mutants have the same name")
    if stale:
        sys.exit("\n".join(stale) + f"\nmutants: {len(stale)} of {len(mutants)} must be looked at")
    if arguments == ["--check"]:
        print(f"mutants: each of {len(mutants)} finds its line")
        return 0
    mutants, began, bad = chosen(arguments, mutants), time.monotonic(), 0
    if not mutants:
        sys.exit("no mutant is called so")
    prepare({s: None for m in mutants for s in m.suites})
    print(f"without mutants every test passes ({time.monotonic() - began:.0f} s)", flush=True)
    for mutant in mutants:
        at = time.monotonic()
        what, well = try_one(mutant)
        bad += not well
        print(f"{mutant.name}: {what} ({time.monotonic() - at:.0f} s)", flush=True)
    print(f"mutants: {len(mutants) - bad} of {len(mutants)} were noticed, in {time.monotonic() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
