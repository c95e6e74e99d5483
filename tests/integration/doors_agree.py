# What MQTT says and what the API says are one and the same, for every state that doors.py lists; and what Home Assistant
# shows is what MQTT says. `said`: the retained topics below lull/<install>/, as text.
import json
import math
import re

import doors


def path_word(name):
    """A name as a level of a topic (bridge/topics.cpp)."""
    if re.fullmatch(r"[a-zA-Z0-9_-]{1,48}", name):
        return name
    hashed = 2166136261
    for byte in name.encode():
        hashed = (hashed ^ byte) * 16777619 & 0xFFFFFFFF
    return re.sub(rb"[^a-zA-Z0-9_-]", b"_", name.encode())[:48].decode() + "-%06x" % (hashed & 0xFFFFFF)


def minutes(seconds):
    return math.ceil(seconds / 60)


def near(a, b, by=0.51):
    return abs(float(a) - float(b)) <= by


def same(said, is_):
    """A payload, or a field of one, and a value of the API. What is not known is None, has no key, or is an empty text."""
    if is_ in (None, "", []):
        return said in (None, "None", "", [])
    if isinstance(is_, bool):
        return said is is_ or said == ("ON" if is_ else "OFF")
    if isinstance(is_, (int, float)):
        return said not in (None, "", "None") and near(said, is_)
    if isinstance(is_, dict):
        return isinstance(said, dict) and all(same(said[key], is_.get(key)) for key in said)
    if isinstance(is_, list):
        return isinstance(said, list) and len(said) == len(is_) and all(same(a, b) for a, b in zip(said, is_))
    return said == is_


def same_minutes(said, is_):
    return said == 0 if is_ is None else near(said, minutes(is_), 1)  # a lamp has no dose


def code(said, findings, device):
    refusing = [f["code"] for f in findings if f["refuses"]]
    return said == (refusing[0] if refusing else "not_told" if device["timer"] == "unknown" else "conforming")


PLAY = (("routine", "routine"), ("asked_by", "door"), ("step", "step"), ("paused", "paused"))
NIGHT = {"movements_per_hour_before": "before_per_hour", "movements_per_hour_after": "after_per_hour"}
# Where the two tell the same in other words: (what MQTT says, the value of the API, what it belongs to, the whole state).
HOW = {
    "hub/on": lambda m, a, one, s: m == ("OFF" if a else "ON"),
    "hub/decision": lambda m, a, one, s: m == "None" if a is None else m.startswith(a["about"] + ": " + a["why"][:60]),
    "plays": lambda m, a, one, s: len(m) == len(a) and all(
        all(p[x] == q[y] for x, y in PLAY) and near(p["minutes_left"], minutes(q["left_s"]), 1) for p, q in zip(m, a)),
    "routine/*/on": lambda m, a, one, s: m == ("ON" if one["id"] in [p["routine"] for p in a] else "OFF"),
    "device/*/heat": lambda m, a, one, s: m == "None" if one["on"] is None else (m == "Off") == (one["on"] is False),
    "device/*/minutes_left": lambda m, a, one, s: same_minutes(m, a),
    "device/*/gate/code": lambda m, a, one, s: code(m, a, one),
    "device/*/gate findings": lambda m, a, one, s: [(f["code"], f["refuses"], f["sentence"]) for f in m] == [
        (f["code"], f["refuses"], f["text"]) for f in a],
    "device/*/gate test": lambda m, a, one, s: m["state"] == a["state"] and same(m["text"], a["text"]),
    "device/*/test/state": lambda m, a, one, s: m == a["state"],
    "device/*/test *": lambda m, a, one, s: m["state"] == a["state"] and same(m["text"], a["text"]),
    "device/*/attributes timer": lambda m, a, one, s: m == (a or "unknown"),
    "device/*/attributes refusal": lambda m, a, one, s: m == (a or "none") or same(m, a),
    "device/*/attributes minutes_used_tonight": lambda m, a, one, s: same_minutes(m, a),
    "sleeper/*/heat_left": lambda m, a, one, s: same_minutes(m, a),
    "sleeper/*/massage_left": lambda m, a, one, s: same_minutes(m, a),
    "sleeper/*/attributes heat_minutes_used_tonight": lambda m, a, one, s: same_minutes(m, a),
    "sleeper/*/attributes massage_minutes_used_tonight": lambda m, a, one, s: same_minutes(m, a),
    "sleeper/*/attributes window_minutes": lambda m, a, one, s: m * 60 == a,
    "sleeper/*/last_night": lambda m, a, one, s: same(m, next((n["restless_minutes"] for n in a if n["sleeper"] == one["id"]), None)),
    "sleeper/*/last_night/attributes *": lambda m, a, one, s: all(
        same(value, n.get(NIGHT.get(key, key))) for n in a if n["sleeper"] == one["id"] for key, value in m.items()),
    "hub/ready_for_the_night/attributes looked_at": lambda m, a, one, s: bool(m) and a[11:16] in m,
}


def belongs_to(topic, state):
    """The device, sleeper, routine or rule of a topic; None: to none."""
    kind, _, rest = topic.partition("/")
    name = rest.split("/")[0]
    lists = {"device": ("devices", "id"), "sleeper": ("sleepers", "id"), "routine": ("routines", "id"), "rule": ("rules", "name")}
    if kind not in lists:
        return None
    key, by = lists[kind]
    return next((one for one in state[key] if path_word(one[by]) == name), None)


def value_at(place, one, state):
    first, *rest = place.split()
    at = one if one is not None and first in ("devices", "sleepers", "routines", "rules") else state[first]
    for key in rest:
        at = at.get(key) if at is not None else None
    return at


def told(said):
    """(name of doors.STATES, topic, value) of all that MQTT says."""
    for topic, payload in said.items():
        name = doors.starred(topic)
        fields = json.loads(payload) if payload[:1] in ("{", "[") else payload
        if not isinstance(fields, dict):
            yield name, topic, fields
        elif name + " *" in doors.STATES:
            yield name + " *", topic, fields
        else:
            for key, value in fields.items():
                yield f"{name} {key}", topic, value


def differences(said, state, walked=None):
    """Whatever MQTT and the API tell differently. `walked` gets the names of all that was compared."""
    for name, topic, value in told(said):
        place = doors.STATES.get(name)
        if place is None:
            if not name.startswith("event/"):
                yield f"{topic}: nobody wrote down where the API says {name}"
            continue
        if place.startswith("-"):
            continue
        one = belongs_to(topic, state)
        is_ = value_at(place, one, state)
        try:
            fits = HOW[name](value, is_, one, state) if name in HOW else same(value, is_)
        except (KeyError, TypeError, ValueError) as wrong:
            fits, value = False, f"{value!r} ({wrong!r})"
        if not fits:
            yield f"{name} of {topic}: MQTT {str(value)[:120]!r}, the API {str(is_)[:120]!r}"
        elif walked is not None:
            walked.add(name)


def shown_at_home(entities, states, said):
    """Whatever Home Assistant shows otherwise than MQTT says it; `states`: by entity id, with their attributes."""
    def word(payload):
        return {"ON": "on", "OFF": "off", "None": "unknown"}.get(payload, payload)
    for entity_id, config in entities.items():
        is_ = states.get(entity_id)
        if is_ is None:
            yield f"{entity_id} is not there"
            continue
        platform = entity_id.partition(".")[0]
        pairs = [] if platform in ("image", "event", "button", "scene") else [(is_["state"], config.get("state_topic"))]
        pairs += [(is_["attributes"].get(name), config.get(key)) for name, key in
                  (("percentage", "percentage_state_topic"), ("preset_mode", "preset_mode_state_topic"))]
        for seen, topic in pairs:
            if topic is None or (payload := said.get(topic.split("/", 2)[2])) is None:
                continue
            if seen is None or word(payload) == str(seen) or word(payload) == "unknown":
                continue
            try:
                if near(payload, seen):
                    continue
            except ValueError:
                pass
            yield f"{entity_id} shows {seen!r}, MQTT says {payload!r}"
