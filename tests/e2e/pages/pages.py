#!/usr/bin/env python3
# Runs a test of the pages with the Node that ./dev test --peers set up, or the machine's.      pages.py look|live LULL
import os
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent


def node():
    cache = pathlib.Path(os.environ.get("LULL_PEERS_DIR")
                         or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lull-peers")
    return next((str(n) for n in (cache / "node/bin/node", shutil.which("node")) if n and os.access(n, os.X_OK)), None)


if __name__ == "__main__":
    if not node():
        print("skipped: no Node; ./dev test --peers fetches one")
        sys.exit(77)
    os.environ["LULL"] = sys.argv[2]
    os.execv(node(), [node(), str(HERE / f"{sys.argv[1]}_test.mjs")])
