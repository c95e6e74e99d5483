"""A bedroom for tests, run by the peer's Python (it has Paho): the pad of docs/hardware, an anklet and a bed sensor.

    pad.py PORT        says each command that it hears on its output, one JSON line each

It keeps its own lease, as the real pad does. On its input: `hold` (commands are heard but not yet obeyed), `obey`.
"""

import json
import sys
import threading
import time

import paho.mqtt.client as mqtt

PAD = "lull/pad/left"
lock = threading.RLock()
state = {"lease": 0.0, "vibration": 0.0, "heat_target": 0.0}
ends, held, holding = 0.0, [], False


def tell(what: str, value: float) -> None:
    state[what] = value
    client.publish(f"{PAD}/number/{what}/state", f"{value:g}", 1, retain=True)


def obey(what: str, value: float) -> None:
    global ends
    if what == "lease":
        ends = time.monotonic() + value
        tell("lease", value)
    else:
        tell(what, value if time.monotonic() < ends else 0.0)


def heard(_client, _data, message) -> None:
    what, text = message.topic.split("/")[-2], message.payload.decode()
    print(json.dumps({"what": what, "value": float(text), "retained": message.retain}), flush=True)
    with lock:
        held.append((what, float(text))) if holding else obey(what, float(text))


def connected(*_) -> None:
    client.subscribe(f"{PAD}/number/+/command", 1)
    for what in ("vibration", "heat_target"):
        tell(what, state[what])
    for topic, payload in ((f"{PAD}/status", "online"), ("lull/anklet/ana/status", "online"), ("bed/ana", "in")):
        client.publish(topic, payload, 1, retain=True)


def live() -> None:
    while True:
        with lock:
            if ends and time.monotonic() >= ends and (state["vibration"] or state["heat_target"]):
                tell("vibration", 0.0), tell("heat_target", 0.0)
        for sensor in "ab":
            client.publish(f"{PAD}/sensor/pad_temperature_{sensor}/state", "24.5", 0, retain=True)
        client.publish("lull/anklet/ana/movement", json.dumps({"rms_mg": 2, "peak_mg": 5, "n": 25}))
        time.sleep(1)


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "pad-left")
client.on_connect, client.on_message = connected, heard
client.will_set(f"{PAD}/status", "offline", 1, retain=True)
client.connect("127.0.0.1", int(sys.argv[1]), 15)
client.loop_start()
threading.Thread(target=live, daemon=True).start()
for line in sys.stdin:
    with lock:
        holding = line.strip() == "hold"
        while held and not holding:
            obey(*held.pop(0))
