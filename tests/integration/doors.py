# The four doors side by side, by lists: what MQTT says and where the API says it, what Home Assistant and people over MQTT can
# ask for and which command of the API that is, and what a page asks for. A line that is missing here fails api_test.py.
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Below lull/<install>/, names as *; "topic key": a field of its JSON. The place in /api/v1/state; "-": why it has none there.
STATES = {
    "status": "- a last will; the API answers or does not",
    "asking": "- a question to the broker",
    "hub/on": "stopped", "hub/status": "status", "hub/not_tonight": "not_tonight", "hub/night_replay": "night_replay",
    "hub/heat_problem": "heat_problem", "hub/version": "version", "hub/decision": "last_decision",
    "hub/ready_for_the_night": "preflight ready", "hub/home_assistant": "home_assistant state",
    "hub/home_assistant/attributes *": "home_assistant", "hub/ntfy": "ntfy state", "hub/ntfy/attributes *": "ntfy",
    "hub/status/attributes why": "status_why", "hub/status/attributes night": "night",
    "hub/status/attributes stopped": "stopped", "hub/status/attributes ready": "ready",
    "hub/status/attributes command_topic": "- a topic of MQTT",
    "hub/decision/attributes *": "last_decision",
    "hub/ready_for_the_night/attributes kept_for_the_morning": "held",
    "hub/ready_for_the_night/attributes checks": "preflight checks",
    "hub/ready_for_the_night/attributes looked_at": "preflight at",
    "plays": "plays", "night/picture": "- /api/v1/nights/{night}/picture.png",
    "massage/on": "massage on", "massage/level": "massage level", "massage/program": "massage program",
    "routine/*/on": "plays", "routine/*/allowed": "routines on", "routine/*/tonight": "routines on_tonight",
    "rule/*/on": "rules on", "rule/*/tonight": "rules on_tonight",
    "device/*/on": "devices on", "device/*/level": "devices level", "device/*/program": "devices program",
    "device/*/heat": "devices level", "device/*/celsius": "devices surface_celsius", "device/*/reachable": "devices reachable",
    "device/*/minutes_left": "devices left_tonight_s", "device/*/gate/code": "devices findings", "device/*/test/state": "devices trial",
    "device/*/test *": "devices trial",
    **{"device/*/attributes " + key: "devices " + place for key, place in {
        "wanted_percent": "wanted", "owner": "owner", "hand": "hand", "refusal": "refusal", "why": "why", "off_proved": "off proved",
        "off_proof": "off by", "off_text": "off text", "faulty": "faulty", "tripped": "tripped", "timer": "timer",
        "minutes_used_tonight": "used_tonight_s", "watts": "watts"}.items()},
    **{"device/*/gate " + key: "devices " + place for key, place in {
        "device": "id", "name": "name", "kind": "kind", "tier": "tier", "timer": "timer", "model": "model", "firmware": "firmware",
        "address": "address", "conforming": "conforming", "findings": "findings", "test": "trial"}.items()},
    **{"device/*/sensor " + key: "devices " + place for key, place in {
        "device": "id", "name": "name", "kind": "kind", "reachable": "reachable", "stream": "stream", "limits": "limits",
        "battery_percent": "battery_percent"}.items()},
    **{"sleeper/*/" + key: "sleepers " + place for key, place in {
        "in_bed": "in_bed", "restless": "restless", "index": "index", "movements_per_hour": "movements_per_hour",
        "episodes": "episodes_tonight", "replays": "replays_tonight", "sedatives": "sedatives_tonight", "heat_left": "heat left_s",
        "massage_left": "massage left_s", "back_off": "back_off state", "back_off/attributes *": "back_off"}.items()},
    "sleeper/*/last_night": "last_night", "sleeper/*/last_night/attributes *": "last_night",
    **{"sleeper/*/attributes " + key: "sleepers " + place for key, place in {
        "movements": "movements", "needed": "threshold", "needed_by_default": "threshold_by_default", "nights_learned": "nights_learned",
        "coverage_hour_percent": "quality coverage_hour_percent", "coverage_tonight_percent": "quality coverage_tonight_percent",
        "gaps_in_hour": "quality gaps_in_hour", "sensor_battery_percent": "quality battery_percent", "sensors": "sensors",
        "disagreement": "disagreement", "estimate": "estimate", "window_minutes": "window_s", "counting": "counting",
        "heat_minutes_used_tonight": "heat used_s", "heat_percent_minutes": "heat percent_minutes",
        "massage_minutes_used_tonight": "massage used_s", "massage_percent_minutes": "massage percent_minutes",
        "usual_movements": "usual_movements", "heart_rate": "heart rate", "heart_rate_when_quiet": "heart when_quiet",
        "heart_rate_coverage_percent": "heart coverage_percent"}.items()},
}
# Each topic that takes a wish (its /set left out), and what it is called as a command of JSON: over MQTT, the API and pages.
WISHES = {
    "hub/on": "stop release", "hub/stop_massage": "stop_massage", "hub/replay": "replay", "hub/softer": "softer",
    "hub/stronger": "stronger", "hub/longer": "extend", "hub/not_tonight": "not_tonight", "hub/night_replay": "night_replay",
    "hub/preflight": "preflight", "hub/replays_as_chosen": "replays_as_chosen", "hub/all_off": "all_off", "hub/bedtime": "bedtime",
    "massage/on": "set stop_massage", "massage/level": "set", "massage/program": "set",
    "device/*/on": "set", "device/*/level": "set", "device/*/program": "set", "device/*/heat": "set", "device/*/test": "test",
    "routine/*/on": "play stop_play", "routine/*/allowed": "allow", "routine/*/tonight": "allow",
    "rule/*/on": "allow", "rule/*/tonight": "allow", "sleeper/*/sedatives": "flag_tonight",
}
# Commands that no page has a key for, and why.
NOT_ON_A_PAGE = {
    "all_off": "a scene; each device and play has its own key, and STOP", "bedtime": "a scene; the routine has its key",
    "pause": "of a play: it is ended, or made longer", "resume": "as pause", "skip": "as pause", "word": "for rules that wait for one",
    "test": "by somebody who watches the device: lull device test", "flag_tonight": "a health matter, by Home Assistant or MQTT",
    "replays_as_chosen": "by Home Assistant or MQTT", "preflight": "it looks by itself before the night",
    "stop_massage": "the page has STOP, and an end for each play and device",
}


def starred(topic):
    return re.sub(r"^(device|sleeper|routine|rule)/[^/]+/", r"\1/*/", topic)


def told_by(messages):
    """What MQTT says, by the names of STATES."""
    for topic, payload in messages.items():
        name = starred(topic)
        try:
            fields = json.loads(payload) if payload[:1] == b"{" else None
        except ValueError:
            fields = None
        if fields is None:
            yield name
        for key in fields or ():
            yield name + " *" if name + " *" in STATES else f"{name} {key}"


def differences(document, messages, discovered):
    """Whatever one door has and another has not."""
    schemas = document["components"]["schemas"]
    dos = {one["properties"]["do"]["const"] for one in schemas["Command"]["oneOf"]}

    def reach(schema, path):
        while "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        if "oneOf" in schema:
            schema = next(reach(one, ()) for one in schema["oneOf"] if one.get("type") != "null")
        if schema.get("type") == "array" or "array" in schema.get("type", ()):
            return reach(schema["items"], path) if path else schema
        return reach(schema["properties"][path[0]], path[1:]) if path else schema
    for said in sorted(set(told_by(messages))):
        if said not in STATES and not said.startswith("event/"):
            yield f"MQTT says {said}, and nobody wrote down where the API does"
    for said, place in STATES.items():
        if place.startswith("-"):
            continue
        try:
            reach(schemas["State"], place.split())
        except (KeyError, StopIteration):
            yield f"the API has no {place}, which MQTT says as {said}"
    topics = {starred(topic) for topic in messages}
    for entity in discovered:
        for key in ("state_topic", "json_attributes_topic", "percentage_state_topic", "preset_mode_state_topic", "image_topic"):
            at = starred(entity[key].split("/", 2)[2]) if key in entity else None
            if at and at not in topics and not at.startswith("event/"):
                yield f"Home Assistant reads {entity[key]}, which MQTT does not say"
        for key, topic in entity.items():
            if key.endswith("command_topic") and starred(topic.split("/", 2)[2].removesuffix("/set")) not in WISHES:
                yield f"Home Assistant asks by {topic}, and nobody wrote down what that is in JSON"
    for topic, wishes in WISHES.items():
        for do in set(wishes.split()) - dos:
            yield f"the API has no {do}, which {topic} asks for"
    source = (ROOT / "web/src/core/state.ts").read_text().partition("export type Command =")[2].partition(";\n\n")[0]
    page = set(re.findall(r"'(\w+)'", source))
    yield from (f"a page asks for {do}, which the API does not know" for do in page - dos)
    yield from (f"no page asks for {do}, and nobody wrote down why" for do in dos - page - set(NOT_ON_A_PAGE))
    filters = set(re.findall(r'base_ \+ "/([^"]+)/set"', (ROOT / "bridge/topics.cpp").read_text()))
    for topic in WISHES:
        if not any(re.fullmatch(re.escape(one).replace(r"\+", "[^/]+"), topic) for one in filters):
            yield f"{topic}/set is not listened to"
