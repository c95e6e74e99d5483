"""Lull as a guest of the real Home Assistant's WebSocket: a phone is told, its answer comes back, and every way to lose it.

    websocket_test.py LULL FACE      the program, and the test program of face.cpp

Skipped with code 77 where the peer is not set up (tests/peers/home-assistant/setup, or ./dev test --peers).
"""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import time
import urllib.request
import zlib

from home_assistant import PATIENCE, Door, check, until
from lull_at_home import HEAD, Room, becomes, tell, told
from afternoon import ZONE  # noqa: E402  (beside the tests of the program, whose folder home_assistant has added)

HOUSE = HEAD + """sleepers:
  - {{name: Ana, detector: {{get_in_time: 0s, need: 4, window: 5min}}}}
devices:
  - {{name: Leg massage, is: massage_pad, speaks: esphome, at: lull/pad/left, for: Ana}}
  - {{name: Ana's ankle, is: movement, speaks: esphome, at: lull/anklet/ana, for: Ana}}
  - {{name: Bed, is: presence, speaks: mqtt, at: bed, for: Ana,
     hears: [{{topic: bed/ana, means: occupied, yes: in, no: out}}]}}
home_assistant:
  url: {url}
  token_file: token
  notify:
    Ana: {{to: notify.{phone}, about: [restless, notice, fault]}}
"""
STATE = "sensor.lull_home_assistant"


class Guest(Room):
    """With a token."""

    phone = "mobile_app_test_phone"

    def house(self, more: str) -> str:
        return HOUSE.format(port=self.port, zone=ZONE, url=self.home["url"], phone=self.phone)

    def give(self, token: str) -> None:
        file = self.folder / "token"
        new = self.folder / "token.new"
        new.touch(mode=0o600)
        new.write_text(token + "\n")
        os.replace(new, file)

    def says(self, words: str) -> int:
        return sum(words in line for line in self.log())

    def checks(self) -> tuple[int, str]:
        done = subprocess.run([self.program, "check", str(self.folder / "house.yaml"), "--connect"],
                              capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode, done.stdout + done.stderr

    def publish(self, topic: str, text: str) -> None:
        subprocess.run(["mosquitto_pub", "-p", str(self.port), "-t", topic, "-m", text], check=True)

    def link(self) -> str:
        """What Lull says of its connection, on the broker."""
        found = [text for topic, text in self.retained().items() if topic.endswith("/hub/home_assistant")]
        return bytes.fromhex(found[0]).decode() if found else ""


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0\x10\x80\0\x80\x10")) + chunk(b"IEND", b""))


def token(door: Door, name: str) -> str:
    made = door("POST", "/ws", {"type": "auth/long_lived_access_token", "client_name": name, "lifespan": 1})
    if not isinstance(made, (str, bytes)):
        raise RuntimeError(f"no token: {made}")
    return made if isinstance(made, str) else made.decode()


def revoke(door: Door, name: str) -> None:
    one = next(t for t in door("POST", "/ws", {"type": "auth/refresh_tokens"}) if t.get("client_name") == name)
    door("POST", "/ws", {"type": "auth/delete_refresh_token", "refresh_token_id": one["id"]})


def pushes(door: Door, count: int, seconds: float = PATIENCE) -> list[dict]:
    until(lambda: len(door("GET", "/pushes")) >= count, True, seconds)
    return door("GET", "/pushes")


# ---- the stories ------------------------------------------------------------------------------------------------------


def morning(room: Guest, door: Door) -> None:
    """The summary and its picture, by the face alone: no test waits for a night."""
    room.give(room.home["owner_token"])
    (room.folder / "night.png").write_bytes(png())
    program = subprocess.Popen([sys.argv[2], "--port", str(room.port), "--keep", str(room.folder / "kept"), "--websocket",
                                room.home["url"].rpartition(":")[2], "--token", str(room.folder / "token"), "--picture",
                                str(room.folder / "night.png")], stdout=open(room.folder / "face.log", "wb"))
    try:
        until(lambda: door.state("image.ana_last_night") not in ("none", "unavailable", "unknown"), True)
        until(lambda: '"connected"' in (room.folder / "face.log").read_text(), True)
        before = door.state("image.ana_last_night")
        room.publish("lull/1a2b3c4d/command", json.dumps({"do": "word", "word": "morning"}))
        seen = pushes(door, 1)
        check("in the morning the phone is told how the night was",
              [(one["title"], one["message"]) for one in seen] == [("Last night", "A calm night.")], seen)
        data = seen[0].get("data", {}) if seen else {}
        address = data.get("image", "")
        check("with the address of the picture", address.startswith("/api/image_proxy/image.ana_last_night?token=")
              and data["attachment"] == {"url": address, "content-type": "png"}, data)
        check("which Home Assistant has by then", door.state("image.ana_last_night") != before, before)
        with urllib.request.urlopen(room.home["url"] + address, timeout=30) as answer:
            picture = answer.read()
        check("and which is this night's", picture == png(), picture[:40])
    finally:
        program.send_signal(signal.SIGINT)  # forgets everything, so that Lull itself finds an empty home
        program.wait(PATIENCE)
    seen = until(lambda: door.state("image.ana_last_night"), "none")
    check("the stand-in is gone", seen == "none", seen)
    door("DELETE", "/pushes")


def connects(room: Guest, door: Door) -> None:
    room.start_lull()
    becomes(door, "Lull is connected, and says so", STATE, "connected")
    until(lambda: door.attribute(STATE, "phones"), [{"name": "mobile_app_test_phone", "reached_by": "service"}])
    seen = [door.attribute(STATE, name) for name in ("phones", "user", "administrator", "advice")]
    check("knows the phone, and whose token it has",
          seen == [[{"name": "mobile_app_test_phone", "reached_by": "service"}], "Owner", True, None], seen)
    seen = room.checks()
    check("`lull check --connect` says the same", seen[0] == 0 and "as Owner (administrator)" in seen[1]
          and "notify.mobile_app_test_phone: there" in seen[1], seen)
    check("nobody was told anything by that", door("GET", "/pushes") == [], door("GET", "/pushes"))
    check("and nobody complained", door("GET", "/complaints") == [], door("GET", "/complaints"))


def restless(room: Guest, door: Door) -> dict:
    """Ana's leg kicks until her phone is told."""
    door("DELETE", "/pushes")
    deadline = time.monotonic() + 4 * PATIENCE
    while not (seen := door("GET", "/pushes")) and time.monotonic() < deadline:
        for _ in range(2):
            room.publish("lull/anklet/ana/movement", json.dumps({"rms_mg": 90, "peak_mg": 400, "n": 25}))
            time.sleep(0.5)
        time.sleep(9)
    check("restless legs reach the phone", len(seen) == 1 and "restless" in seen[0]["message"], seen)
    one = seen[0] if seen else {"data": {}}
    check("silently", one["data"].get("importance") == "low", one)
    offered = [answer["title"] for answer in one["data"].get("actions", [])]
    check("with three answers", offered == ["Stop", "Softer", "Not tonight"], one)
    return one


def answers(room: Guest, door: Door) -> None:
    one = restless(room, door)
    stop = next((a["action"] for a in one["data"].get("actions", []) if a["title"] == "Stop"), "")
    door.do("fan", "turn_on", "fan.leg_massage")
    becomes(door, "the massage runs", "fan.leg_massage", "on")
    since = room.mark()
    for forged in ("LULL_PHONE_STOP_0", stop[:-1], stop.replace("STOP", "STOP_ALL"), "LULL_PHONE_"):
        door("POST", "/tap", {"action": forged})
    seen = until(lambda: bool(door.attribute(STATE, "refused_answer")), True)
    check("an answer that was made up is refused, and says why", seen, door.attribute(STATE, "refused_answer"))
    time.sleep(1)
    check("and does nothing", room.commands("vibration", since).count(0) == 0, room.commands("vibration", since))
    door("POST", "/tap", {"action": stop})
    told(room, "Stop on the phone stops the pad", "vibration", since, lambda v: v == 0)
    becomes(door, "and the fan shows it", "fan.leg_massage", "off")
    seen = pushes(door, 2)[-1]
    check("the message goes away", seen["message"] == "clear_notification" and seen["data"] == {"tag": one["data"]["tag"]}, seen)
    door("POST", "/tap", {"action": stop})
    seen = until(lambda: "answered already" in str(door.attribute(STATE, "refused_answer")), True)
    check("an answer counts once", seen, door.attribute(STATE, "refused_answer"))


def latched(room: Guest, door: Door, sentence: str) -> None:
    """STOP, then a wish: somebody is told that it is still on."""
    door("DELETE", "/pushes")
    door.do("switch", "turn_off", "switch.lull")
    becomes(door, "STOP is on", "switch.lull", "off")
    door.do("fan", "turn_on", "fan.leg_massage")
    seen = [one["message"] for one in pushes(door, 1)]
    check(sentence, len(seen) == 1 and "STOP is still on" in seen[0], seen)
    door.do("switch", "turn_on", "switch.lull")
    becomes(door, "released", "switch.lull", "on")


def home_restarts(room: Guest, door: Door) -> None:
    before = room.says("home assistant: connected")
    door("POST", "/stop")
    seen = until(room.link, "unreachable")
    check("Home Assistant ends: Lull notices", seen == "unreachable", seen)
    door("POST", "/start")
    seen = until(lambda: room.says("home assistant: connected"), before + 1)
    check("it comes back, and Lull with it", seen == before + 1, room.log()[-10:])
    becomes(door, "which it shows", STATE, "connected")
    seen = until(lambda: (door.attribute(STATE, "phones") or [{}])[0].get("reached_by"), "service")
    check("and the phone is found again", seen == "service", seen)
    latched(room, door, "and told")


def no_administrator(room: Guest, door: Door) -> None:
    room.end_lull()
    room.give(room.home["user_token"])
    room.start_lull()
    seen = until(lambda: door.attribute(STATE, "administrator"), False)
    check("a token of who is no administrator is taken", seen is False, seen)
    words = str(door.attribute(STATE, "advice"))
    check("and what that costs is said in words", "Sleeper" in words and "no administrator" in words and "Stop" in words, words)
    latched(room, door, "messages come all the same")


def revoked(room: Guest, door: Door) -> None:
    room.end_lull()
    room.give(token(door, "lull-e2e"))
    room.start_lull()
    becomes(door, "with a token of its own it is connected", STATE, "connected")
    until(lambda: door.attribute(STATE, "administrator"), True)
    troubles = room.says("home assistant:")
    revoke(door, "lull-e2e")
    becomes(door, "the token is revoked: Lull shows it", STATE, "token_refused")
    words = str(door.attribute(STATE, "why"))
    check("and says what to do", "refuses the token" in words and "new long-lived token" in words, words)
    time.sleep(35)  # past its next look at the token
    seen = (room.says("refuses the token"), room.says("home assistant:") - troubles)
    check("one sentence in the log, besides that the connection was lost", seen[0] == 1 and seen[1] <= 2, room.log()[-10:])
    # Home Assistant warns of each try, which is right; it bans who goes on. Whether it gets to its log in time is its own affair.
    room.deserved = [one for one in door("GET", "/complaints") if "invalid authentication" in one]
    check("and it was tried once at most", len(room.deserved) <= 1, room.deserved)
    room.give(token(door, "lull-e2e-2"))
    becomes(door, "another token is tried", STATE, "connected", 30 + PATIENCE)


def no_such_phone(room: Guest, door: Door) -> None:
    room.end_lull()
    room.phone = "mobile_app_nobody"
    room.start_lull()
    seen = until(lambda: room.says("knows no action notify.mobile_app_nobody"), 1)
    check("a phone that is not there is named", seen == 1, room.log()[-10:])
    seen = until(lambda: (door.attribute(STATE, "phones") or [{}])[0].get("reached_by"), "missing")
    check("also in Home Assistant", seen == "missing", seen)
    seen = room.checks()
    check("and by `lull check --connect`", seen[0] == 1 and "not there" in seen[1], seen)
    began = time.monotonic()
    code = room.end_lull()
    check("Lull ends cleanly and at once", code == 0 and time.monotonic() - began < PATIENCE / 4, (code, time.monotonic() - began))


def has_told_nobody_the_token(room: Guest, door: Door) -> None:
    leaked = [line for line in room.log() if room.home["owner_token"] in line or "eyJ" in line]
    check("no token is in the log", leaked == [], len(leaked))


STORIES = (morning, connects, answers, home_restarts, no_administrator, revoked, no_such_phone, has_told_nobody_the_token)

if __name__ == "__main__":
    sys.exit(tell(Guest, "websocket", STORIES, "--time-zone", ZONE))
