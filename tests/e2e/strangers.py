"""Entities of Home Assistant that are not Lull's: a lamp, a bed that massages, sensors. Over MQTT, as others announce
theirs, each with the device behind it: what it is told it does, and says so."""

from __future__ import annotations

import json
import time

from home_assistant import Client


def config(platform: str, key: str, name: str, **more) -> tuple[str, dict]:
    return f"homeassistant/{platform}/room/{key}/config", {
        "unique_id": f"room_{key}", "name": name, "default_entity_id": f"{platform}.{key}",
        "state_topic": f"room/{key}", "availability_topic": f"room/{key}/there", **more}


ALL = dict([
    config("light", "bedside", "Bedside", schema="json", brightness=True, supported_color_modes=["color_temp"],
           color_temp_kelvin=True, min_kelvin=2000, max_kelvin=6500, command_topic="room/bedside/set"),
    config("number", "foot_massage", "Foot massage", command_topic="room/foot_massage/set", min=0, max=10, step=1),
    config("select", "bed_timer", "Bed timer", command_topic="room/bed_timer/set", options=["Off", "10 min", "20 min"]),
    config("select", "head_massage", "Head massage", command_topic="room/head_massage/set",
           options=["Off", "Low", "Medium", "High"]),
    config("fan", "leg_rest", "Leg rest", command_topic="room/leg_rest/set",
           percentage_command_topic="room/leg_rest/percent/set", percentage_state_topic="room/leg_rest/percent"),
    config("switch", "blanket", "Blanket", command_topic="room/blanket/set"),
    config("binary_sensor", "ankle", "Ankle", device_class="vibration"),
    config("binary_sensor", "in_bed", "In bed", device_class="occupancy"),
    config("event", "bedside_button", "Bedside button", event_types=["press", "hold"]),
    config("sensor", "pad_surface", "Pad surface", device_class="temperature", unit_of_measurement="°C"),
    config("sensor", "pad_power", "Pad power", device_class="power", unit_of_measurement="W"),
    config("sensor", "radar", "Radar"),
])
KEYS = [topic.split("/")[3] for topic in ALL]
IDS = ["{1}.{3}".format(*topic.split("/")) for topic in ALL]
AT_FIRST = {"bedside": '{"state":"OFF"}', "foot_massage": "0", "bed_timer": "Off", "head_massage": "Off",
            "leg_rest": "OFF", "leg_rest/percent": "0", "blanket": "OFF", "ankle": "OFF", "in_bed": "OFF",
            "pad_surface": "24.5", "pad_power": "0", "radar": "0"}


class Strangers:
    def __init__(self, port: int) -> None:
        self.client, self.told, self.deaf = Client(port, qos=1), [], set()
        self.client.subscribe("room/+/set", "room/+/percent/set", handler=self.obey)
        for topic, one in ALL.items():
            self.client.publish(topic, one, retain=True)
        for key in KEYS:
            self.there(key, True)
        for key, state in AT_FIRST.items():
            self.say(key, state)

    def say(self, key: str, state: str) -> None:
        self.client.publish(f"room/{key}", state, retain=key != "bedside_button", wait=False)

    def there(self, key: str, is_there: bool) -> None:
        self.client.publish(f"room/{key}/there", "online" if is_there else "offline", retain=True, wait=False)

    def obey(self, message) -> None:
        """The device behind the entity does as it is told, unless it is deaf."""
        key = message.topic.removeprefix("room/").removesuffix("/set")
        self.told.append((key, message.text, time.monotonic()))
        if key in self.deaf:
            return
        if key == "bedside":
            self.lamp = {**getattr(self, "lamp", {}), "color_mode": "color_temp", **json.loads(message.text)}
            return self.say(key, json.dumps(self.lamp))
        self.say(key, message.text)

    def words(self, key: str, since: int = 0) -> list[str]:
        return [text for what, text, _ in self.told[since:] if what == key]
