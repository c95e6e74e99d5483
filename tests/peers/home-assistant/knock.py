"""How a test asks the control door of run.py. Plain Python: for the peer's own test, and for those beyond this folder."""

from __future__ import annotations

import json
import urllib.error
import urllib.request


class Knock:
    patience = 90.0  # seconds

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self.patience) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            text = error.read()
        try:
            return json.loads(text)
        except ValueError:
            return text

    def state(self, entity_id: str) -> str:
        return self("GET", f"/state/{entity_id}").get("state", "none")
