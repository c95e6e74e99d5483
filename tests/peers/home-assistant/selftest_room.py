"""What selftest.py stands on: a small bridge as Lull announces one, an MQTT client, the door of run.py, and its checks' tally."""

from __future__ import annotations

import base64
import json
import pathlib
import socket
import time

import paho.mqtt.client as mqtt
from knock import Knock

HERE = pathlib.Path(__file__).parent
INSTALL, BASE = "lull_1a2b3c4d", "lull/1a2b3c4d"
CONFIG = "homeassistant/device/{}/config"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

# ---- what the bridge of this test looks like ------------------------------------------------------------------------

SENTENCES = """
language: "en"
intents:
  LullStop:
    data: [{sentences: ["(stop|end) [the|my] [leg] massage", "set [the] leg massage to (0|zero) [percent]"]}]
"""
PACKAGE = f"""
intent_script:
  LullStop:
    action: [{{action: mqtt.publish, data: {{topic: "{BASE}/cmd/set", payload: stop}}}}]
    speech: {{text: "Stopping."}}
"""
BLUEPRINT = """
blueprint:
  name: Lull phone
  domain: automation
  input:
    event: {selector: {entity: {filter: [{domain: event, integration: mqtt}]}}}
    phone: {selector: {device: {filter: [{integration: mobile_app}]}}}
triggers:
  - {trigger: event.received, target: {entity_id: !input event}, options: {event_type: [restless]}}
actions:
  - domain: mobile_app
    type: notify
    device_id: !input phone
    message: "{{ state_attr('event.bed_night', 'message') }}"
"""


def device(key: str, name: str, components: dict) -> dict:
    """One discovery message, as Lull sends it: available while the bridge is."""
    for part, config in components.items():
        config["unique_id"] = f"{INSTALL}_{key}_{part}"
    about = {"identifiers": [f"{INSTALL}_{key}"], "name": name, "manufacturer": "Lull", "via_device": f"{INSTALL}_hub"}
    if key == "hub":
        del about["via_device"]
    availability = [{"topic": f"{BASE}/status"}, {"topic": f"{BASE}/{key}/status"}]
    return {"device": about, "origin": {"name": "lull", "sw_version": "0.1.0"}, "qos": 1, "components": components,
            "availability": availability, "availability_mode": "all"}


def entity(platform: str, name: str | None, topic: str, **more) -> dict:
    config = {"platform": platform, "name": name, **more}
    if platform not in ("scene", "image"):
        config["state_topic"] = f"{BASE}/{topic}"
    if platform in ("fan", "switch", "select", "scene"):
        config["command_topic"] = f"{BASE}/{topic}/set"
    return config


def fan(key: str) -> dict:
    topics = {f"{what}_state_topic": f"{BASE}/{key}/{what}" for what in ("percentage", "preset_mode")}
    topics |= {f"{what}_command_topic": f"{BASE}/{key}/{what}/set" for what in ("percentage", "preset_mode")}
    return entity("fan", None, f"{key}/on", preset_modes=["gentle", "wave"], message_expiry_interval=10, **topics)


DEVICES = [
    device("hub", "Lull", {"all": entity("switch", None, "hub/on")}),
    device("leg", "Leg massage", {"massage": fan("leg")}),
    device("foot", "Foot warmer", {
        "heat": entity("switch", None, "foot/on", entity_category="config"),
        "level": entity("select", "Level", "foot/level", entity_category="config", options=["Off", "Low", "High"]),
        "pad": entity("sensor", "Pad", "foot/pad", device_class="temperature", unit_of_measurement="°C",
                      state_class="measurement", entity_category="diagnostic")}),
    device("bed", "Bed", {
        "occupied": entity("binary_sensor", None, "bed/occupied", device_class="occupancy"),
        "score": entity("sensor", "Sleep score", "bed/score", state_class="measurement",
                        json_attributes_topic=f"{BASE}/bed/night"),
        "event": entity("event", "Night", "bed/event", event_types=["restless"]),
        "picture": entity("image", "Last night", "", image_topic=f"{BASE}/bed/picture", content_type="image/png")}),
    device("wind", "Wind down", {"routine": entity("switch", None, "wind/on")}),
    device("replay", "Replay massage", {"now": entity("scene", None, "replay", payload_on="ON")}),
]
STATES = {"hub/on": "ON", "leg/on": "OFF", "leg/percentage": "40", "leg/preset_mode": "None", "foot/on": "OFF",
          "foot/level": "Off", "foot/pad": "24.5", "bed/occupied": "ON", "bed/score": "78", "wind/on": "OFF",
          "bed/picture": PNG}

# ---- tools ----------------------------------------------------------------------------------------------------------

passed, failed = [], []


def check(sentence: str, holds, seen="") -> None:
    (passed if holds else failed).append(sentence)
    print("ok    " if holds else "FAILED", sentence, "" if holds else f"(seen: {seen!r})", flush=True)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Bus:
    """One MQTT 5 client that remembers everything it hears."""

    def __init__(self, port: int) -> None:
        self.heard: list[mqtt.MQTTMessage] = []
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "selftest", protocol=mqtt.MQTTv5)
        self.client.on_message = lambda client, data, message: self.heard.append(message)
        self.client.connect("127.0.0.1", port)
        self.client.subscribe("#", 1)
        self.client.loop_start()

    def say(self, topic: str, payload, retain: bool = True, wait: bool = True) -> None:
        payload = json.dumps(payload) if isinstance(payload, dict) else payload
        sent = self.client.publish(topic, payload, 1 if wait else 0, retain)
        if wait:
            sent.wait_for_publish(5)

    def take(self, seconds: float, ending: str = "/set") -> list[tuple[str, str]]:
        """What was heard on topics with that ending until now and for some seconds more."""
        time.sleep(seconds)
        heard, self.heard[:] = list(self.heard), []
        return [(one.topic.removeprefix(BASE + "/"), one.payload.decode(errors="replace"))
                for one in heard if one.topic.endswith(ending)]


class Door(Knock):
    def ids(self, part: str) -> list[str]:
        return [one["entity_id"] for one in self("GET", "/entities") if part in one["entity_id"]]

    def until(self, question, wanted, seconds: float = 5):
        """Ask until the answer is as wanted; returns the last answer."""
        deadline = time.monotonic() + seconds
        while (answer := question()) != wanted and time.monotonic() < deadline:
            time.sleep(0.05)
        return answer

    def do(self, domain: str, service: str, who: str = "owner", **data):
        return self("POST", "/service", {"domain": domain, "service": service, "data": data, "as": who})

    def speak(self, text: str, **more) -> dict:
        return self("POST", "/say", {"text": text, **more})
