#!/usr/bin/env python3
# The page's door of a real `lull demo` process: commands and their proof, and what watches hears.      page_test.py LULL
import json
import socket
import time
import unittest

from web import SLOW, InADemo, WebSocket, ask, patched, tell


class Page(InADemo):
    def device(self, name):
        return next(d for d in self.state()["devices"] if d["name"] == name)

    # ---- commands ----

    def test_stop_is_accepted_and_the_proof_is_in_the_state(self):
        answer = tell(self.port, "stop")
        self.assertEqual(answer.status, 202, answer.body)
        self.until(lambda: self.state()["stopped"] and all(
            d["off"]["proved"] for d in self.state()["devices"] if d["kind"] in ("heat_pad", "massage_pad")), "proved off")
        refused = tell(self.port, "replay")
        self.assertEqual(refused.status, 409)
        self.assertIn("STOP", refused.json()["detail"])
        self.assertEqual(tell(self.port, "release").status, 202)
        self.until(lambda: not self.state()["stopped"], "released")

    def test_a_level_comes_back_from_the_device(self):
        self.until(lambda: not self.state()["stopped"], "not stopped")
        self.assertEqual(tell(self.port, "set", device="Leg massage", level=30, minutes=10).status, 202)
        self.until(lambda: self.device("Leg massage")["on"], "on")
        self.assertEqual(tell(self.port, "set", device="Leg massage", level=0).status, 202)
        self.until(lambda: self.device("Leg massage")["off"]["proved"], "off")

    def test_what_is_not_understood_is_refused_with_what_would_be_right(self):
        for body, status in (("", 400), ("{", 400), ('{"do":"dance"}', 422), ('{"do":"set","device":"x"}', 422),
                             ('{"do":"play","routine":"none"}', 422), ('{"do":"replay","on":1}', 422), ("[" * 2000, 400)):
            answer = ask(self.port, "POST", "/api/v1/commands", body, Content_Type="application/json")
            self.assertEqual(answer.status, status, (body[:40], answer.body))
            self.assertEqual(answer.fields["content-type"], "application/problem+json")
            self.assertTrue(answer.json()["remedy"])
        self.assertEqual(ask(self.port, "POST", "/api/v1/commands", '{"do":"stop"}').status, 415)
        self.assertFalse(self.state()["stopped"])

    # ---- live ----

    def test_a_rule_and_a_routine_rest_for_tonight_and_come_back(self):
        def rests(kind, key, name):
            return next(one for one in self.state()[kind] if one[key] == name)["on_tonight"] is False
        for kind, key, what in (("rules", "name", {"rule": "Bedtime"}), ("routines", "id", {"routine": "wind-down"})):
            name = next(iter(what.values()))
            self.assertEqual(tell(self.port, "allow", on=False, tonight=True, **what).status, 202)
            self.until(lambda: rests(kind, key, name), f"{name} rests")
            self.assertTrue(any(line.startswith(f"{name}: off for tonight; back") for line in self.state()["plan"]))
            self.assertEqual(tell(self.port, "allow", on=True, tonight=True, **what).status, 202)
            self.until(lambda: not rests(kind, key, name), f"{name} is back")

    def test_a_start_that_was_long_on_its_way_begins_nothing(self):
        self.until(lambda: self.state()["ready"], "it is ready")
        def late(do, ms, **more):
            return tell(self.port, do, asked_at=int(time.time() * 1000) - ms, **more)
        answer = late("play", 6_000, routine="night-relief")
        self.assertEqual((answer.status, answer.json()["code"]), (409, "too_late"), answer.body)
        self.assertIn("what is older than 4 s begins nothing", answer.json()["detail"])
        self.assertNotIn("night-relief", [p["routine"] for p in self.state()["plays"]])
        ahead = late("play", -60_000, routine="night-relief")
        self.assertEqual((ahead.status, ahead.json()["code"]), (422, "clock_ahead"), ahead.body)
        self.assertEqual(late("softer", 600_000).json().get("code"), "not_done", "nothing plays, but late it is not")
        live = WebSocket(self.port)
        self.addCleanup(live.close)
        while live.clock is None:
            live.hear()
        self.assertLess(abs(live.clock - time.time() * 1000), 5_000)
        self.assertEqual(late("stop", 600_000).status, 202, "a STOP is never too late")
        self.until(lambda: self.state()["stopped"], "it is stopped")
        self.assertEqual(late("release", 6_000).json()["code"], "too_late")
        self.assertEqual(tell(self.port, "release").status, 202)

    def test_what_is_watched_is_what_is_asked_for(self):
        live = WebSocket(self.port)
        first = live.hear()
        state, seq = first["state"], first["seq"]
        live.send({"id": "c1", "command": {"do": "not_tonight", "on": True}})
        answered = False
        deadline = time.monotonic() + 10
        while not (answered and state.get("not_tonight")) and time.monotonic() < deadline:
            message = live.hear()
            if "id" in message:
                self.assertEqual((message["id"], message["accepted"]), ("c1", True))
                answered = True
                continue
            self.assertEqual(message["seq"], seq + 1, "nothing is missed")
            seq, state = message["seq"], patched(state, message["patch"])
        self.assertTrue(answered and state["not_tonight"])
        live.send({"id": "c2", "command": {"do": "dance"}})
        while "id" not in (message := live.hear()):
            seq, state = message["seq"], patched(state, message["patch"])
        self.assertEqual(message["problem"]["code"], "command_unclear")
        live.close()
        tell(self.port, "not_tonight", on=False)
        # After the break: what was missed, and no gap.
        again = WebSocket(self.port, f"/api/v1/live?since={seq}")
        message = again.hear()
        if message == {"seq": seq}:  # it came back before anything had changed, and is told so
            message = again.hear()
        self.assertEqual(message["seq"], seq + 1)
        while state.get("not_tonight"):
            state, seq = patched(state, message["patch"]), message["seq"]
            message = again.hear()
        again.close()
        anew = WebSocket(self.port, "/api/v1/live?since=17")
        self.assertIn("state", anew.hear())
        anew.close()

    def test_a_page_hears_something_every_few_seconds(self):
        live = WebSocket(self.port)
        live.hear()
        begun = time.monotonic()
        live.hear()
        self.assertLess(time.monotonic() - begun, 7)
        live.close()

    def test_a_page_that_does_not_read_is_dropped(self):
        slow = WebSocket(self.port)
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        before = self.demo.memory_kb()
        for i in range(400):
            slow.send({"id": "x" * 3000, "command": {"do": "dance"}})
        time.sleep(1)
        self.assertEqual(ask(self.port, "GET", "/healthz").status, 200)
        self.assertLess(self.demo.memory_kb() - before, 4000 * SLOW)
        slow.close()

    def test_fifty_pages_are_told_and_cost_little(self):
        ask(self.port, "GET", "/api/v1/state")
        before = self.demo.memory_kb()
        pages = [WebSocket(self.port) for _ in range(50)]
        for page in pages:
            self.assertIn("state", page.hear())
        news = [page.hear()["seq"] for page in pages]
        self.assertLess(max(news) - min(news), 20)
        cost = self.demo.memory_kb() - before
        print(f"50 pages that watch cost {cost} KiB", flush=True)
        self.assertLess(cost, 50 * 100 * SLOW)
        for page in pages:
            page.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
