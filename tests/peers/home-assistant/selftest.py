"""Check that this Home Assistant still behaves as bridge/home_assistant/ expects, and that every door of run.py works.

Run it with the peer's own Python after raising a version: `venv/bin/python selftest.py`. It needs `mosquitto`. About a
minute. Every check is a fact that Lull is built on: one that fails means that Lull must change. Checks marked TRAP
hold behaviour that we would rather not have and must guard against.
"""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import aiohttp
from wyoming.event import Event, async_read_event, async_write_event

from selftest_room import (
    BASE, BLUEPRINT, CONFIG, DEVICES, HERE, INSTALL, PACKAGE, PNG, SENTENCES, STATES, Bus, Door, check,
    failed, free_port, passed,
)


def discovery(bus: Bus, door: Door) -> None:
    for one in DEVICES:
        bus.say(CONFIG.format(one["device"]["identifiers"][0]), one)
    for topic, payload in STATES.items():
        bus.say(f"{BASE}/{topic}", payload)
    waiting = door.until(lambda: door.state("fan.leg_massage"), "unavailable")
    check("an entity is unavailable until its availability is told", waiting == "unavailable", waiting)
    bus.say(f"{BASE}/status", "online")
    time.sleep(0.5)
    check("mode all: one of two topics online is not enough", door.state("fan.leg_massage") == "unavailable")
    for one in DEVICES:
        bus.say(f"{BASE}/{one['device']['identifiers'][0].removeprefix(INSTALL + '_')}/status", "online")
    state = door.until(lambda: door.state("fan.leg_massage"), "off")
    check("retained state is there as soon as the entity is available", state == "off", state)
    ours = {one["entity_id"]: one["entity_category"] for one in door("GET", "/entities")
            if str(one["unique_id"]).startswith(INSTALL)}
    wanted = {"switch.lull": None, "fan.leg_massage": None, "switch.foot_warmer": "config",
              "select.foot_warmer_level": "config", "sensor.foot_warmer_pad": "diagnostic", "binary_sensor.bed": None,
              "sensor.bed_sleep_score": None, "event.bed_night": None, "image.bed_last_night": None,
              "switch.wind_down": None, "scene.replay_massage": None}
    check("entity ids are device name plus entity name", ours == wanted, ours)
    listed = door("POST", "/ws", {"type": "homeassistant/expose_entity/list"})["exposed_entities"]
    exposed = sorted(one for one in listed if one in ours)
    wanted = ["fan.leg_massage", "scene.replay_massage", "switch.lull", "switch.wind_down"]
    check("Assist sees fan, scene and switch by default, never a category", exposed == wanted, exposed)
    check("a well-formed set causes no complaint", door("GET", "/complaints") == [], door("GET", "/complaints"))


def closed_schema(bus: Bus, door: Door) -> None:
    sensor = {"platform": "sensor", "unique_id": "probe_a", "name": "A", "state_topic": "probe/a"}
    about = {"device": {"identifiers": ["probe"], "name": "Probe"}, "origin": {"name": "x"}}
    probe = {**about, "components": {"a": sensor}}
    topic = CONFIG.format("probe")
    bus.say(topic, {**probe, "bogus": 1})
    loud = door.until(lambda: any("not a valid option at 'bogus'" in one for one in door("GET", "/complaints")), True)
    check("an unknown key at the root drops the whole message, and the log names it", loud and not door.ids("probe"))
    bus.say(topic, {**probe, "components": {"a": sensor, "b": {**sensor, "unique_id": "b", "state_topic": None}}})
    ids = door.until(lambda: door.ids("probe"), ["sensor.probe_a"])
    check("a component its platform refuses is dropped alone", ids == ["sensor.probe_a"], ids)
    b = {**sensor, "unique_id": "probe_b", "name": "B", "bogus": 1}
    bus.say(topic, {**probe, "components": {"a": sensor, "b": b}})
    ids = door.until(lambda: door.ids("probe"), ["sensor.probe_a", "sensor.probe_b"])
    check("an unknown key inside a component is ignored", len(ids) == 2, ids)
    bus.say(topic, probe)
    time.sleep(0.5)
    check("TRAP leaving a component out removes nothing", len(door.ids("probe")) == 2)
    bus.say(topic, {**probe, "components": {"a": sensor, "b": {"platform": "sensor"}}})
    ids = door.until(lambda: door.ids("probe"), ["sensor.probe_a"])
    check("a component reduced to its platform is removed", ids == ["sensor.probe_a"], ids)
    siren = [{"platform": "siren", "unique_id": f"probe_s{n}", "name": f"S{n}", "command_topic": "x"} for n in (1, 2)]
    bus.say(topic, {**probe, "components": {"a": sensor, "s1": siren[0]}}, wait=False)
    both = {**probe, "components": {"a": sensor, "s1": siren[0], "s2": siren[1]}}
    bus.say(topic, both, wait=False)
    time.sleep(1.5)
    ids = door.ids("siren.")
    check("TRAP a second config in a burst loses components while a platform loads", ids == ["siren.probe_s1"], ids)
    bus.say(topic, both)
    ids = door.until(lambda: len(door.ids("siren.")), 2)
    check("sending that config again heals it", ids == 2, ids)
    bus.take(0)
    door("DELETE", "/device/probe")
    cleared = ("homeassistant/device/probe/config", "")
    check("when the user deletes a device, its retained config is cleared", cleared in bus.take(1, "/config"))


def values(bus: Bus, door: Door) -> None:
    def told(topic, payload, entity_id, attribute=None):
        bus.say(f"{BASE}/{topic}", payload, retain=False)
        time.sleep(0.2)
        seen = door("GET", f"/state/{entity_id}")
        return seen["attributes"].get(attribute) if attribute else seen["state"]

    check("the text None means unknown", told("foot/pad", "None", "sensor.foot_warmer_pad") == "unknown")
    check("nan is refused by a numeric sensor", told("foot/pad", "nan", "sensor.foot_warmer_pad") == "unknown")
    seen = told("leg/percentage", "33.0", "fan.leg_massage", "percentage")
    check("a percentage that is no integer is refused", seen == 40, seen)
    told("bed/night", '{"awake_min": 34, "icon": "mdi:x"}', "sensor.bed_sleep_score")
    told("bed/score", "79", "sensor.bed_sleep_score")
    seen = door("GET", "/state/sensor.bed_sleep_score")["attributes"]
    check("attributes arrive, blocked names do not", seen.get("awake_min") == 34 and "icon" not in seen, seen)
    check("the picture comes back byte for byte", door("GET", "/image/image.bed_last_night") == PNG)
    bus.take(0)
    door.do("fan", "turn_on", entity_id="fan.leg_massage", percentage=40)
    time.sleep(0.3)
    sent = [one for one in bus.heard if one.topic.endswith("/set")]
    seen = [(one.topic.removeprefix(BASE + "/"), one.payload) for one in sent]
    wanted = [("leg/on/set", b"ON"), ("leg/percentage/set", b"40")]
    check("turning on with a percentage is ON, then the number", seen == wanted, seen)
    seen = [(one.qos, one.retain, getattr(one.properties, "MessageExpiryInterval", None)) for one in sent]
    check("commands have our qos, no retain, and our expiry", seen == [(1, False, 10)] * 2, seen)
    bus.take(0)
    door.do("fan", "set_percentage", entity_id="fan.leg_massage", percentage=0)
    check("TRAP a percentage of 0 comes as 0, not as OFF", bus.take(0.3) == [("leg/percentage/set", "0")])
    bus.say(f"{BASE}/leg/status", "offline")
    door.until(lambda: door.state("fan.leg_massage"), "unavailable")
    said = door.speak("turn off leg massage")
    check("TRAP a command to an unavailable entity is said to be done", said["type"] == "action_done", said)
    check("TRAP and is never sent", bus.take(0.3) == [])
    bus.say(f"{BASE}/leg/status", "online")
    door.until(lambda: door.state("fan.leg_massage"), "off")


def voice(bus: Bus, door: Door) -> None:
    def heard(text, **more):
        bus.take(0)
        said = door.speak(text, **more)
        return said["type"] if "type" in said else said, bus.take(0.3)

    on, off = [("leg/on/set", "ON")], [("leg/on/set", "OFF")]
    for text, wanted in (("turn on leg massage", on), ("turn off my leg massage", off), ("leg massage", on),
                         ("set leg massage to 40 percent", on + [("leg/percentage/set", "40")]),
                         ("turn on wind down", [("wind/on/set", "ON")]), ("turn off lull", [("hub/on/set", "OFF")]),
                         ("replay massage", [("replay/set", "ON")]), ("turn on leg message", on)):
        seen = heard(text)
        check(f"“{text}” reaches us", seen == ("action_done", wanted), seen)
    seen = heard("leg massage 0 percent")
    check("TRAP zero percent by voice comes as ON", seen == ("action_done", on), seen)
    seen = heard("set leg massage to 0 percent")
    check("our own sentence takes that over", seen == ("action_done", [("cmd/set", "stop")]), seen)
    seen = heard("stop my leg massage")
    check("our own sentences reach us", seen == ("action_done", [("cmd/set", "stop")]), seen)
    seen = heard("stop my leg massage", **{"as": "user"})
    check("TRAP mqtt.publish in an intent script fails for who is no administrator", seen == ("error", []), seen)
    seen = heard("turn off leg massage", **{"as": "user"})
    check("an entity's own command works for them", seen == ("action_done", off), seen)
    trigger = [{"trigger": "conversation", "command": ["(halt|freeze) [the|my] massage"]}]
    action = [{"action": "mqtt.publish", "data": {"topic": f"{BASE}/cmd/set", "payload": "halt"}}]
    door("POST", "/automation/halt", {"alias": "Halt", "triggers": trigger, "actions": action})
    seen = heard("freeze my massage", **{"as": "user"})
    wanted = ("action_done", [("cmd/set", "halt")])
    check("mqtt.publish behind a sentence trigger works for them too", seen == wanted, seen)
    seen = heard("turn on foot warmer")
    check("what has a category does not answer", seen == ("error", []), seen)
    door("POST", "/expose", {"entity_ids": ["switch.foot_warmer", "binary_sensor.bed", "sensor.bed_sleep_score"]})
    seen = heard("turn on foot warmer")
    check("until it is exposed", seen == ("action_done", [("foot/on/set", "ON")]), seen)
    for text, wanted in (("is the bed occupied", "Yes"), ("what is my sleep score", "Bed sleep score is 79")):
        check(f"“{text}” is answered", door.speak(text)["speech"] == wanted, door.speak(text))
    seen = heard("turn on the fans", area="Bedroom")
    check("without an area, the room's fans are not ours", seen == ("error", []), seen)
    areas = {one["name"]: one["area_id"] for one in door("POST", "/ws", {"type": "config/area_registry/list"})}
    leg = next(one["id"] for one in door("GET", "/devices") if ["mqtt", f"{INSTALL}_leg"] in one["identifiers"])
    door("POST", "/ws", {"type": "config/device_registry/update", "device_id": leg, "area_id": areas["Bedroom"]})
    seen = heard("turn on the fans", area="Bedroom")
    check("TRAP with an area, they are", seen == ("action_done", on), seen)
    seen = heard("set the temperature to 40 degrees", area="Bedroom")
    check("a wish for warmth in the room is not ours", seen == ("error", []), seen)
    seen = heard("turn off leg massage in 1 second"), bus.take(1)
    check("a delayed command is done later", seen == (("action_done", []), off), seen)


def assistants(bus: Bus, door: Door) -> None:
    def alexa(name, what, endpoint=None, payload=None, instance=None):
        header = {"namespace": f"Alexa.{name}", "name": what, "payloadVersion": "3", "messageId": "1"}
        header |= {"instance": instance} if instance else {}
        scope = {"scope": {"type": "BearerToken", "token": "x"}}
        directive = {"header": header, "payload": payload or scope}
        directive |= {"endpoint": {"endpointId": endpoint, **scope}} if endpoint else {}
        return door("POST", "/alexa", {"directive": directive})

    found = alexa("Discovery", "Discover")["event"]["payload"]["endpoints"]
    fan_ = next(one for one in found if one["endpointId"] == "fan#leg_massage")
    kinds = sorted(one["interface"] for one in fan_["capabilities"])
    wanted = ["Alexa", "Alexa.EndpointHealth", "Alexa.ModeController", "Alexa.PowerController", "Alexa.RangeController"]
    check("Alexa sees the massage as power, range and mode", kinds == wanted, kinds)
    check("Alexa does not see what has a category", "switch#foot_warmer" not in [one["endpointId"] for one in found])
    bus.take(0)
    for number, wanted in ((40, [("leg/percentage/set", "40")]), (0, [("leg/on/set", "OFF")])):
        alexa("RangeController", "SetRangeValue", "fan#leg_massage", {"rangeValue": number}, "fan.percentage")
        seen = bus.take(0.3)
        check(f"Alexa sets {number} percent", seen == wanted, seen)
    command = {"command": "action.devices.commands.SetFanSpeed", "params": {"fanSpeedPercent": 30}}
    execute = {"commands": [{"devices": [{"id": "fan.leg_massage"}], "execution": [command]}]}
    intent = {"intent": "action.devices.EXECUTE", "payload": execute}
    door("POST", "/google", {"requestId": "1", "inputs": [intent]})
    seen = bus.take(0.3)
    check("Google sets 30 percent", seen == [("leg/percentage/set", "30")], seen)


def phone(bus: Bus, door: Door, data: pathlib.Path) -> None:
    def pushed(seconds=2):
        door.until(lambda: len(door("GET", "/pushes")), 1, seconds)
        pushes = door("GET", "/pushes")
        door("DELETE", "/pushes")
        return pushes[0] if pushes else {}

    extra = {"tag": "lull", "push": {"sound": {"name": "default", "critical": 1, "volume": 1.0}}, "ttl": 0,
             "actions": [{"action": "LULL_STOP_1", "title": "Stop"}], "image": "/api/image_proxy/image.bed_last_night"}
    door.do("notify", "mobile_app_test_phone", "user", message="hello", title="Lull", data=extra)
    check("a push reaches the phone with its data unchanged", pushed().get("data") == extra)
    answer = door.do("notify", "send_message", entity_id="notify.test_phone", message="x", data={"tag": "x"})
    check("notify.send_message refuses data", "400" in answer.get("error", ""), answer)
    door.do("notify", "send_message", entity_id="notify.test_phone", message="text only")
    check("notify.send_message sends text", pushed().get("message") == "text only")
    trigger = {"trigger": "event", "event_type": "mobile_app_notification_action"}
    message = {"topic": f"{BASE}/cmd/set", "payload": "{{ trigger.event.data.action }}"}
    publish = {"action": "mqtt.publish", "data": message}
    door("POST", "/automation/tap", {"alias": "Tap", "triggers": [trigger], "actions": [publish]})
    place = data / "blueprints" / "automation" / "lull"
    place.mkdir(parents=True)
    (place / "phone.yaml").write_text(BLUEPRINT)
    ours = next(one["id"] for one in door("GET", "/devices") if one["name"] == "Test phone")
    use = {"path": "lull/phone.yaml", "input": {"event": "event.bed_night", "phone": ours}}
    door("POST", "/automation/night", {"alias": "Night", "use_blueprint": use})
    bus.say(f"{BASE}/bed/event", {"event_type": "restless", "message": "Restless."}, retain=False)
    check("an MQTT event becomes a push through a blueprint", pushed().get("message") == "Restless.")
    bus.take(0)
    door("POST", "/tap", {"action": "LULL_STOP_1"})
    seen = bus.take(0.5)
    check("a tap becomes an MQTT message through an automation", seen == [("cmd/set", "LULL_STOP_1")], seen)
    for word in ("offline", "online", "offline", "online"):
        bus.say(f"{BASE}/status", word)
        time.sleep(0.2)
    check("availability that flickers pushes nothing", pushed(0.5) == {})


async def sockets(ready: dict, door: Door) -> None:
    async def subscribe(session, token):
        ws = await session.ws_connect(ready["websocket"])
        await ws.receive_json()
        await ws.send_json({"type": "auth", "access_token": token})
        await ws.receive_json()
        await ws.send_json({"id": 1, "type": "subscribe_events", "event_type": "mobile_app_notification_action"})
        return ws, await ws.receive_json()

    async with aiohttp.ClientSession() as session:
        ws, answer = await subscribe(session, ready["user_token"])
        refused = answer.get("error", {}).get("code")
        check("who is no administrator may not hear notification taps", refused == "unauthorized", answer)
        ws, answer = await subscribe(session, ready["owner_token"])
        await asyncio.to_thread(door, "POST", "/tap", {"action": "LULL_STOP_2"})
        event = await ws.receive_json(timeout=3)
        check("an administrator hears them", event["event"]["data"] == {"action": "LULL_STOP_2"}, event)
        try:
            await ws.send_str("x" * (4 << 20) + "x")
            ended = (await ws.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
        except ConnectionError:
            ended = True
        check("a frame over 4 MiB ends the socket", ended)


async def wyoming(door: Door) -> None:
    maker = {"name": "Lull", "url": "https://example.invalid/lull"}
    about = {"name": "Lull", "description": "", "version": "1", "installed": True, "attribution": maker}
    program = {**about, "models": [{**about, "languages": ["en"]}]}
    info = {"asr": [], "tts": [], "wake": [], "intent": [], "handle": [program]}

    async def serve(reader, writer):
        while (event := await async_read_event(reader)) is not None:
            if event.type == "describe":
                await async_write_event(Event("info", info), writer)
            elif event.type == "transcript":
                await async_write_event(Event("handled", {"text": f"Lull heard {event.data['text']}."}), writer)
        writer.close()

    port = free_port()
    async with await asyncio.start_server(serve, "127.0.0.1", port):
        await asyncio.to_thread(door, "POST", "/integration/wyoming", {"host": "127.0.0.1", "port": port})
        talk = {"type": "conversation/process", "text": "are you there", "agent_id": "conversation.lull"}
        for _ in range(20):
            answer = await asyncio.to_thread(door, "POST", "/ws", talk)
            if "response" in answer:
                break
            await asyncio.sleep(0.2)
    speech = answer.get("response", {}).get("speech", {}).get("plain", {}).get("speech")
    check("a Wyoming handle service is a conversation agent", speech == "Lull heard are you there.", answer)


def restart(bus: Bus, door: Door) -> None:
    left_out = dict(DEVICES[2], components={"heat": DEVICES[2]["components"]["heat"]})
    bus.say(CONFIG.format(f"{INSTALL}_foot"), left_out)
    time.sleep(0.5)
    bus.take(0)
    door("POST", "/stop")
    last = bus.take(0.3, "homeassistant/status")
    check("stopped, Home Assistant says offline", last == [("homeassistant/status", "offline")], last)
    bus.say(CONFIG.format(f"{INSTALL}_replay"), "")
    bus.take(0)
    started = time.monotonic()
    door("POST", "/start")
    serving = time.monotonic() - started
    state = door.until(lambda: door.state("fan.leg_massage"), "off")
    check("after its restart our retained state is there without our help", state == "off", state)
    check("and before its birth message", bus.take(0, "homeassistant/status") == [])
    door.until(lambda: any(one.topic == "homeassistant/status" for one in bus.heard), True, 15)
    birth = time.monotonic() - started
    last = [(one.payload, one.retain) for one in bus.heard if one.topic == "homeassistant/status"]
    timely = serving + 3 < birth < serving + 9
    check("the birth comes about five seconds later, not retained", last == [(b"online", False)] and timely,
          (last, serving, birth))
    check("TRAP a component left out is a ghost now", door.state("select.foot_warmer_level") == "unavailable")
    check("TRAP what was removed while it was away is an orphan", door.state("scene.replay_massage") == "unavailable")
    topic = CONFIG.format(f"{INSTALL}_replay")
    bus.say(topic, "")
    time.sleep(0.5)
    check("TRAP an empty config alone does not remove it", door.ids("scene.replay") != [])
    bus.say(topic, DEVICES[5])
    time.sleep(0.5)
    bus.say(topic, "")
    ids = door.until(lambda: door.ids("scene.replay"), [])
    check("its config and then an empty one do", ids == [], ids)
    bus.take(0)
    door("POST", "/stop?hard=1")
    last = bus.take(0.5, "homeassistant/status")
    check("killed, it leaves offline as its will", last == [("homeassistant/status", "offline")], last)


def main() -> int:
    broker = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not broker:
        print("mosquitto is not installed")
        return 2
    began = time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lull-ha-selftest-"))
    files = folder / "files"
    for name, text in (("custom_sentences/en/lull.yaml", SENTENCES), ("packages/lull.yaml", PACKAGE)):
        (files / name).parent.mkdir(parents=True)
        (files / name).write_text(text)
    port, control, ha = free_port(), free_port(), free_port()
    (folder / "broker.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    children = [subprocess.Popen([broker, "-c", str(folder / "broker.conf")], stderr=subprocess.DEVNULL)]
    run = [sys.executable, str(HERE / "run.py"), "--mqtt", f"127.0.0.1:{port}", "--port", str(ha),
           "--control", str(control), "--data", str(folder / "data"), "--files", str(files), "--max-seconds", "300"]
    children.append(subprocess.Popen(run, stdout=subprocess.PIPE, text=True))
    try:
        ready = json.loads(children[1].stdout.readline() or "{}")
        check("Home Assistant is ready", ready.get("ready"), ready)
        print(f"       {ready['version']} in {ready['seconds']} s")
        bus, door = Bus(port), Door(ready["control"])
        discovery(bus, door)
        closed_schema(bus, door)
        values(bus, door)
        voice(bus, door)
        assistants(bus, door)
        phone(bus, door, pathlib.Path(ready["data"]))
        asyncio.run(sockets(ready, door))
        asyncio.run(wyoming(door))
        restart(bus, door)
        door("POST", "/quit")
        check("it ends when asked", children[1].wait(30) == 0)
    finally:
        for child in reversed(children):
            child.terminate()
            child.wait(70)
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(passed)} passed, {len(failed)} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
