"""Writes down what the real Home Assistant says, on its WebSocket and by MQTT to the entities that Lull announces, for
the tests that run without it; or, with --check, whether it still says that.

    transcript.py FOLDER [--check]

FOLDER/websocket/transcript.ndjson has a line a moment: {"moment": what happens, "frames": [what Home Assistant says then]};
FOLDER/mqtt.ndjson {"moment": ..., "said": [[topic, payload, retained], ...]}.
"""

from __future__ import annotations

import base64
import json
import os
import pathlib
import socket
import struct
import sys
import tempfile
import time

from home_assistant import PATIENCE, ROOT, Client, World, check, until, verdict, why_not
from strangers import IDS, Strangers

QUIET = 0.6  # s: nothing more comes of a moment


class Socket:
    """A WebSocket in forty lines, so that nothing stands between the wire and the file."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET /api/websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.got, self.id = b"", 0
        while b"\r\n\r\n" not in self.got:
            self.got += self.socket.recv(4096)
        self.got = self.got.split(b"\r\n\r\n", 1)[1]

    def say(self, message: dict) -> None:
        data, mask = json.dumps(message).encode(), os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
        self.socket.sendall(b"\x81" + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def ask(self, message: dict) -> None:
        self.id += 1
        self.say({"id": self.id, **message})

    def take(self, count: int) -> bytes:
        while len(self.got) < count:
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("closed")
            self.got += more
        data, self.got = self.got[:count], self.got[count:]
        return data

    def frame(self, within: float) -> str | None:
        self.socket.settimeout(within)
        try:
            head = self.take(2)
        except TimeoutError:
            return None
        self.socket.settimeout(PATIENCE)
        size = head[1] & 0x7F
        if size == 126:
            size = struct.unpack("!H", self.take(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self.take(8))[0]
        data = self.take(size)
        return data.decode() if head[0] & 0x0F == 1 else self.frame(within)

    def all(self) -> list:
        frames = []
        while (one := self.frame(QUIET)) is not None:
            frames.append(json.loads(one))
        return frames


def announce(client: Client, golden: pathlib.Path) -> None:
    """The entities as discovery_test.cpp knows that Lull announces them."""
    text, decoder, at = golden.read_text(), json.JSONDecoder(), 0
    while at < len(text):
        name, _, _ = text[at:].partition(" ")
        config, end = decoder.raw_decode(text, at + len(name) + 1)
        client.publish(f"homeassistant/device/{name.strip()}/config", config, retain=True)
        at = end
        while at < len(text) and text[at].isspace():
            at += 1
    client.publish("lull/1a2b3c4d/status", "online", retain=True)


ACTS = (("fan.turn_on", "fan.left_leg_massage", {}), ("fan.turn_on", "fan.left_leg_massage", {"percentage": 40}),
        ("fan.turn_on", "fan.left_leg_massage", {"preset_mode": "wave"}),
        ("fan.set_percentage", "fan.left_leg_massage", {"percentage": 0}),
        ("fan.turn_off", "fan.left_leg_massage", {}), ("fan.turn_off", "fan.leg_massage", {}),
        ("switch.turn_off", "switch.lull", {}), ("switch.turn_on", "switch.lull", {}),
        ("select.select_option", "select.foot_warmer_level", {"option": "Low"}),
        ("switch.turn_off", "switch.foot_warmer", {}), ("button.press", "button.stop_massage", {}),
        ("scene.turn_on", "scene.replay_massage", {}), ("scene.turn_on", "scene.all_off", {}),
        ("scene.turn_on", "scene.bedtime", {}), ("scene.turn_on", "scene.wind_down", {}),
        ("switch.turn_on", "switch.wind_down", {}))
WORDS = ("set leg massage to 0 percent", "leg massage", "all off", "activate bedtime")


def tell_by_mqtt(world: World, door) -> list[dict]:
    ear, moments = Client(world.port, qos=1), []
    ear.subscribe("lull/#", "homeassistant/status")
    announce(ear, ROOT / "tests/bridge/home_assistant/discovery.golden")
    wanted = {entity for _, entity, _ in ACTS}
    absent = until(lambda: [one for one in wanted if door.state(one) in ("none", "unavailable")], [])
    if absent:
        raise RuntimeError(f"Home Assistant does not show {absent}: {door('GET', '/complaints')}")

    def moment(what: str, do) -> None:
        mark = ear.mark()
        do()
        time.sleep(QUIET)
        moments.append({"moment": what, "said": [[m.topic, m.text, m.retained] for m in ear.since(mark)]})

    for action, entity, more in ACTS:
        domain, _, service = action.partition(".")
        moment(f"{action} {entity} {json.dumps(more)}", lambda: door.do(domain, service, entity, **more))
    for words in WORDS:
        moment(f"say {words}", lambda: door("POST", "/say", {"text": words}))
    mark = ear.mark()
    door("POST", "/stop")
    door("POST", "/start")
    ear.wait("homeassistant/status", "online", since=mark, within=PATIENCE)
    moments.append({"moment": "Home Assistant starts again", "said": [
        [m.topic, m.text, m.retained] for m in ear.since(mark) if m.topic == "homeassistant/status"]})
    ear.close()
    return moments


def tell(folder: pathlib.Path) -> tuple[list[dict], list[dict]]:
    world, moments = World(folder), []
    world.start_broker()
    try:
        room = Strangers(world.port)
        door = world.start_home()
        absent = until(lambda: [one for one in IDS if door.state(one) in ("none", "unavailable")], [])
        if absent:
            raise RuntimeError(f"Home Assistant does not show {absent}: {door('GET', '/complaints')}")
        ws = Socket(int(world.home["url"].rpartition(":")[2]))

        def moment(what: str, do) -> None:
            do()
            moments.append({"moment": what, "frames": ws.all()})

        def call(service: str, **data) -> None:
            domain, _, name = service.partition(".")
            ws.ask({"type": "call_service", "domain": domain, "service": name, "service_data": data})

        moment("connected", lambda: None)
        moment("logs in", lambda: ws.say({"type": "auth", "access_token": world.home["owner_token"]}))
        moment("coalesces", lambda: ws.ask({"type": "supported_features", "features": {"coalesce_messages": 1}}))
        moment("asks for entities", lambda: ws.ask({"type": "subscribe_entities", "entity_ids": IDS}))
        moment("lamp on", lambda: call("light.turn_on", entity_id="light.bedside", brightness_pct=60,
                                       color_temp_kelvin=2200))
        moment("lamp off", lambda: call("light.turn_off", entity_id="light.bedside"))
        moment("massage 3 of 10", lambda: call("number.set_value", entity_id="number.foot_massage", value=3))
        moment("massage 30 of 10", lambda: call("number.set_value", entity_id="number.foot_massage", value=30))
        moment("timer", lambda: call("select.select_option", entity_id="select.bed_timer", option="10 min"))
        moment("a timer that is none", lambda: call("select.select_option", entity_id="select.bed_timer", option="1 h"))
        moment("fan at 40", lambda: call("fan.turn_on", entity_id="fan.leg_rest", percentage=40))
        moment("no such action", lambda: call("light.explode", entity_id="light.bedside"))
        moment("no such entity", lambda: call("light.turn_off", entity_id="light.nowhere"))
        moment("asked how it is", lambda: call("homeassistant.update_entity", entity_id="number.foot_massage"))
        moment("a kick", lambda: room.say("ankle", "ON"))
        moment("in bed", lambda: room.say("in_bed", "ON"))
        moment("the button held", lambda: room.say("bedside_button", '{"event_type":"hold"}'))
        moment("warmer", lambda: room.say("pad_surface", "31.5"))
        moment("no temperature", lambda: room.say("pad_surface", "None"))
        moment("draws", lambda: room.say("pad_power", "61.5"))
        moment("the bed is gone", lambda: room.there("foot_massage", False))
        moment("and back", lambda: room.there("foot_massage", True))
        moment("the radar is removed", lambda: room.client.publish("homeassistant/sensor/room/radar/config", "",
                                                                   retain=True))
        return moments, tell_by_mqtt(world, door)
    finally:
        world.end()


def shape(moments: list[dict]) -> list:
    """What must stay: not times, contexts and people, nor how messages were packed into frames."""
    def plain(value, key=""):
        if key in ("lc", "lu"):
            return "time"
        if key in ("c", "context") and not (isinstance(value, dict) and "+" in str(value)):
            return "context"
        if isinstance(value, dict):
            return {k: plain(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [plain(one) for one in value]
        if isinstance(value, str) and value[:2] == "20" and "T" in value:
            return "time"
        return value
    flat = []
    for one in moments:
        messages = [m for frame in one["frames"] for m in (frame if isinstance(frame, list) else [frame])]
        flat.append((one["moment"], sorted(json.dumps(plain(m), sort_keys=True) for m in messages)))
    return flat


def kept(file: pathlib.Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def compare(before: list, now: list) -> None:
    check("as many moments", len(before) == len(now), len(now))
    for (what, was), (_, is_now) in zip(before, now):
        check(f"{what}: Home Assistant says what is written down", was == is_now, [m for m in is_now if m not in was])


def main() -> int:
    if skipped := why_not():
        print("skipped:", skipped)
        return 77
    files = [pathlib.Path(sys.argv[1]) / name for name in ("websocket/transcript.ndjson", "mqtt.ndjson")]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lull-transcript-") as folder:
        told = tell(pathlib.Path(folder))
    print(f"({time.monotonic() - began:.0f} s)")
    if "--check" not in sys.argv:
        for file, moments in zip(files, told):
            file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in moments))
        return 0
    compare(shape(kept(files[0])), shape(told[0]))
    if not files[1].exists():
        print(f"{files[1]} is not written down yet: run this without --check")
        return verdict()
    compare([(one["moment"], one["said"]) for one in kept(files[1])], [(one["moment"], one["said"]) for one in told[1]])
    return verdict()


if __name__ == "__main__":
    sys.exit(main())
