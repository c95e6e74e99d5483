"""What the pages must show of a state: by each place of /api/v1/state where, in the words of web/src/words/en.json."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import pathlib
import zoneinfo

WORDS = json.loads((pathlib.Path(__file__).resolve().parents[2] / "web/src/words/en.json").read_text())

# Each place of the state: the pages that show it, or "-" and why none does.
SHOWN = {
    **{place: "- for programs" for place in (
        "install", "version", "devices id", "devices kind", "devices actuator", "devices timer", "devices tier", "devices model",
        "devices firmware", "devices address", "devices conforming", "devices stream", "devices findings code", "sleepers id",
        "sleepers sensors device", "sleepers heat percent_minutes", "sleepers massage percent_minutes", "routines id",
        "plays routine", "last_night sleeper", "routines score track", "routines score points", "routines score program",
        "devices programs", "routines gentle", "status", "devices refusal", "home_assistant version", "home_assistant phones name",
        "home_assistant phones reached_by", "home_assistant missing", "home_assistant refused_answer", "home_assistant user",
        "home_assistant administrator", "home_assistant state", "ntfy last_told", "ntfy last_failed", "ntfy waiting", "ntfy lost",
        "at")},
    **{place: "- the night's own page has it, from the journal" for place in (
        "night", "last_night night", "last_night restless_minutes", "last_night in_bed_minutes", "last_night coverage_percent",
        "last_night sessions", "last_night sessions_compared", "last_decision about", "last_decision outcome", "last_decision why")},
    **{place: "- how a figure came about: lull why, Home Assistant, MQTT" for place in (
        "sleepers index", "sleepers movements", "sleepers threshold", "sleepers threshold_by_default", "sleepers window_s",
        "sleepers usual_movements", "sleepers nights_learned", "sleepers sensors name", "sleepers sensors movements",
        "sleepers sensors needed", "sleepers sensors heard", "sleepers sensors limits", "sleepers disagreement",
        "sleepers estimate", "sleepers heart rate", "sleepers heart when_quiet", "sleepers heart coverage_percent",
        "sleepers counting", "sleepers text", "sleepers quality coverage_hour_percent", "sleepers quality coverage_tonight_percent",
        "sleepers quality gaps_in_hour", "sleepers quality battery_percent", "sleepers back_off state", "sleepers back_off since",
        "sleepers back_off level_percent_of_chosen", "sleepers back_off times_as_far_apart", "sleepers back_off signs_of_waking",
        "rules acted_tonight", "rules next", "plays step_left_s", "devices wanted", "devices used_tonight_s",
        "devices program", "devices hand", "devices for", "sleepers side", "routines minutes", "routines heat",
        "preflight at", "devices off text", "massage on", "massage level", "massage program", "heat_problem")},
    **{place: "- in the sentence of status_why" for place in ("leaving", "link_up", "store_healthy")},
    **{place: "- a set-up test is watched at a terminal, or in Home Assistant" for place in (
        "devices trial state", "devices trial text", "devices trial at", "devices trial step", "devices trial of")},
    "home name": "- each page is of this home", "home time_zone": "- in each time that a page shows",
    "night_replay": "- a rule of the night has its own key on a page", "held": "- told in the morning",
    "sleepers sedatives_tonight": "- a health matter, by Home Assistant or MQTT",
    "routines score at_s": "rules", "routines score text": "rules", "routines score device": "rules",
    "status_why": "home", "stopped": "home bed", "ready": "home bed", "not_tonight": "home bed",
    "devices name": "home", "devices reachable": "home", "devices battery_percent": "home", "devices on": "home bed",
    "devices level": "home", "devices off proved": "home bed", "devices off by": "home bed", "devices off asked_at": "bed",
    "devices off said_at": "bed", "devices faulty": "home", "devices tripped": "home", "devices why": "home",
    "devices watts": "home", "devices owner": "home", "devices surface_celsius": "home", "devices left_tonight_s": "home",
    "devices findings text": "home", "devices findings remedy": "home", "devices findings refuses": "home",
    "devices limits": "home", "sleepers name": "home", "sleepers in_bed": "home", "sleepers restless": "home",
    "sleepers movements_per_hour": "home", "sleepers episodes_tonight": "home", "sleepers replays_tonight": "home",
    "sleepers heat used_s": "home", "sleepers heat left_s": "home", "sleepers massage used_s": "home",
    "sleepers massage left_s": "home", "sleepers back_off why": "home", "sleepers back_off until": "home",
    "plays name": "home", "plays door": "home", "plays step": "home bed", "plays left_s": "home bed", "plays paused": "home bed",
    "routines name": "home rules", "routines in_words": "home rules", "routines on": "rules", "routines on_tonight": "rules",
    "rules name": "rules", "rules on": "rules", "rules on_tonight": "rules", "rules in_words": "rules", "rules next_text": "rules",
    "plan": "home", "preflight ready": "home", "preflight checks about": "home", "preflight checks state": "home",
    "preflight checks text": "home", "preflight checks remedy": "home", "last_night movements_per_hour": "home",
    "last_night episodes": "home", "last_night replays": "home", "last_night before_per_hour": "home",
    "last_night after_per_hour": "home", "home_assistant why": "home", "home_assistant advice": "home",
    "ntfy state": "home", "ntfy last_failure": "home",
}
# Not in the two nights of this walk; `home` shows them with the others of their kind.
SELDOM = {"devices tripped", "devices faulty", "devices why", "devices findings refuses", "sleepers back_off why",
          "sleepers back_off until", "home_assistant why", "home_assistant advice", "routines score at_s", "routines score text",
          "ntfy state", "ntfy last_failure",
          "devices battery_percent", "devices findings remedy", "devices findings text"}
NOT_IN_THE_DEMO = {"massage/on", "massage/level", "massage/program", "hub/home_assistant", "hub/home_assistant/attributes *",
                   "hub/ntfy", "hub/ntfy/attributes *",
                   "sleeper/*/attributes heart_rate", "sleeper/*/attributes heart_rate_when_quiet",
                   "sleeper/*/attributes heart_rate_coverage_percent", "sleeper/*/attributes sensor_battery_percent",
                   "sleeper/*/attributes usual_movements"}


def places_of(document):
    """Each leaf of the schema of a state."""
    schemas = document["components"]["schemas"]

    def walk(schema, path):
        while "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        if "oneOf" in schema:
            schema = next(one for one in schema["oneOf"] if one.get("type") != "null")
            yield from walk(schema, path)
        elif "array" in schema.get("type", ()) and "items" in schema:
            yield from walk(schema["items"], path)
        elif schema.get("properties"):
            for key, part in schema["properties"].items():
                yield from walk(part, path + [key])
        else:
            yield " ".join(path)
    return walk(schemas["State"], [])


@dataclasses.dataclass(frozen=True)
class Line:
    places: tuple[str, ...]
    page: str
    where: str   # a place of read.mjs
    text: str
    is_about: str = ""  # with the place: which of several
    absent: bool = False

    def is_shown(self, read: dict) -> bool:
        on_it = read.get(self.page, {})
        return self.where in on_it and (" ".join(self.text.split()) in on_it[self.where]) != self.absent

    def __str__(self) -> str:
        return f"{self.page} {self.where} {'has' if self.absent else 'lacks'} {self.text!r} ({', '.join(self.places)})"


def t(key, **values):
    forms = WORDS[key].split("|")
    text = forms[1] if len(forms) > 1 and values.get("n") != 1 else forms[0]
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def whole(value):
    return str(math.floor(value + 0.5))


def span(seconds):
    minutes = math.floor(seconds / 60 + 0.5)
    if seconds < 60:
        return "0 min"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def drives(device):
    return device["kind"].startswith(("massage", "heat"))


def left_words(play):
    minutes = math.ceil(play["left_s"] / 60)
    return t("paused") if play["paused"] else t("last_minute") if minutes <= 1 else t("minutes_left", n=minutes)


def lines(state):
    """All that the pages must show of it."""
    return [*at_home(state), *at_the_bedside(state), *of_rules(state)]


def at_home(s):
    def line(places, where, text, about="", absent=False):
        return Line(tuple(places.split(",")), "home", where, text, about or places, absent)
    on = [d for d in s["devices"] if d.get("on") and drives(d)]
    if s["plays"]:
        play = s["plays"][0]
        yield line("plays name", "h1", play["name"])
        yield line("plays left_s,plays paused", "h1", left_words(play))
        if play["step"] and play["step"] != play["name"]:
            yield line("plays step", "lead", play["step"])
        end = datetime.datetime.fromisoformat(s["at"]) + datetime.timedelta(seconds=play["left_s"])
        yield line("plays left_s", "lead", t("until", time=f"{end.astimezone(zoneinfo.ZoneInfo(s['home']['time_zone'])):%H:%M}"))
        yield line("plays door", "lead", t("asked_by", who=play["door"]))
    else:
        head = t("stopped") if s["stopped"] else ", ".join(t("is_on", name=d["name"]) for d in on) if on else t(
            "all_quiet") if s["ready"] else t("not_ready")
        yield line("stopped" if s["stopped"] else "devices on" if on else "ready", "h1", head, "head")
        yield line("status_why", "lead", s["status_why"])
    yield line("stopped", "notices", t("release"), absent=not s["stopped"])
    faults = [(d["name"], d["why"] or "", "", "devices faulty,devices tripped,devices why") for d in s["devices"]
              if d.get("faulty") or d.get("tripped")]
    faults += [(d["name"], f["text"], f["remedy"], "devices findings text,devices findings remedy,devices findings refuses")
               for d in s["devices"] for f in d.get("findings", [])]
    bad = [c for c in s["preflight"]["checks"] if c["state"] != "fine"]
    faults += [(c["about"], c["text"], c["remedy"], "preflight checks about,preflight checks state,preflight checks text,"
                "preflight checks remedy") for c in bad]
    for about, text, remedy, places in faults:
        yield line(places, "notices", f"{about}: {text}", about + text)
        if remedy:
            yield line(places, "notices", remedy, about + text)
    yield line("preflight checks state,preflight ready", "notices", t("look_at"), absent=not faults and not s["home_assistant"] and not s["ntfy"])
    tonight = "card:" + t("tonight")
    ready = s["preflight"]["ready"]
    yield line("preflight ready", tonight, t("not_looked") if ready is None else t("all_ready") if ready else t(
        "not_all_ready", n=len(bad)))
    yield line("not_tonight", tonight, t("not_tonight_more"), absent=not s["not_tonight"])
    for one in [] if s["not_tonight"] else s["plan"] or [t("no_plan")]:
        yield line("plan", tonight, one)
    for p in s["sleepers"]:
        card = "card:" + p["name"]
        yield line("sleepers in_bed,sleepers name", card, t("bed_unknown" if p["in_bed"] is None else "in_bed" if p["in_bed"] else "out_of_bed"))
        yield line("sleepers restless", card, t("restless_unknown" if p["restless"] is None else "restless" if p["restless"] else "calm"))
        if p["movements_per_hour"] is not None:
            yield line("sleepers movements_per_hour", card, t("moves", n=whole(p["movements_per_hour"])))
        else:
            yield line("sleepers movements_per_hour", card, t("moves", n="").strip(), absent=True)
        if p["episodes_tonight"] is not None:
            yield line("sleepers episodes_tonight", card, t("episodes", n=p["episodes_tonight"]))
        yield line("sleepers replays_tonight", card, t("replays", n=p["replays_tonight"]))
        for kind in ("massage", "heat"):
            used, left = p[kind]["used_s"], p[kind]["left_s"]
            if used + left > 0:
                yield line(f"sleepers {kind} used_s,sleepers {kind} left_s", card, t(kind + "_dose") + " " + t(
                    "dose", used=whole(used / 60), left=math.floor(left / 60)))
        held = p["back_off"]["level_percent_of_chosen"] < 100 or p["back_off"]["times_as_far_apart"] > 1
        if held:
            for key in ("why", "until"):
                yield line("sleepers back_off " + key, card, p["back_off"][key] or "")
        else:
            yield line("sleepers back_off state", card, t("held_back"), absent=True)
    for n in s["last_night"]:
        words = [t("last_episodes", n=n["episodes"]) if n["episodes"] is not None else None,
                 t("replays", n=n["replays"]) if n["replays"] is not None else None,
                 t("moves", n=whole(n["movements_per_hour"])) if n["movements_per_hour"] is not None else t("last_unmeasured"),
                 t("last_pair", before=whole(n["before_per_hour"]), after=whole(n["after_per_hour"]))
                 if n["before_per_hour"] is not None and n["after_per_hour"] is not None else None]
        yield line(",".join("last_night " + key for key in ("episodes", "replays", "movements_per_hour", "before_per_hour", "after_per_hour")),
                   "card:" + t("last_night"), ", ".join(w for w in words if w) + ".")
    for r in s["routines"]:
        yield line("routines name,routines in_words", "card:" + t("begin"), f"{r['name']} {r['in_words']}")
    for d in s["devices"]:
        yield from device_lines(d, line)


def device_lines(d, line):
    row = "row:" + d["name"]
    if not d["actuator"]:
        battery = d["battery_percent"]
        yield line("devices reachable,devices name", row, t("sensor_lost") if not d["reachable"] else t("in_reach") if battery is None
                   else t("battery", n=whole(battery)), d["id"])
        if battery is not None and d["reachable"]:
            yield line("devices battery_percent", row, t("battery", n=whole(battery)))
        if d.get("limits"):
            yield line("devices limits", row, d["limits"])
        return
    if d["on"] is None and not drives(d):
        return
    level = "" if d["level"] is None else t("on_at", n=whole(d["level"]))
    off = t("off_" + ("told" if d["off"]["by"] == "none" else d["off"]["by"])) if drives(d) else t("off")
    yield line("devices reachable" if not d["reachable"] else "devices on,devices level" if d["on"] else
               "devices on" if d["on"] is None or not drives(d) else "devices on,devices off by,devices off proved",
               row, t("off_lost") if not d["reachable"] else (level or t("on")) if d["on"] else t("unknown") if d["on"] is None else off,
               d["id"] + "is")
    if d["owner"]:
        yield line("devices owner", row, d["owner"], d["id"])
    if d.get("surface_celsius") is not None:
        yield line("devices surface_celsius", row, f"{whole(d['surface_celsius'])} °C", d["id"])
    if d["watts"] is not None:
        yield line("devices watts", row, f"{whole(d['watts'])} W", d["id"])
    if drives(d):
        yield line("devices left_tonight_s", row, t("left_tonight", time=span(d["left_tonight_s"])), d["id"])


def at_the_bedside(s):
    def line(places, where, text, about=""):
        return Line(tuple(places.split(",")), "bed", where, text, about or places)
    head = ("stopped", t("stopped")) if s["stopped"] else ("ready", t("not_ready")) if not s["ready"] else (
        "not_tonight", t("not_tonight_is") if s["not_tonight"] else "Lull")
    yield line(head[0], "head", head[1], "head")
    if s["stopped"]:
        driven = [d for d in s["devices"] if drives(d)]
        for d in driven:
            stage = d["off"]["by"] if d["off"]["proved"] and d["off"]["by"] != "none" else "told" if d["reachable"] else "lost"
            yield line("devices off by,devices off proved", "step:" + d["id"], f"{stage} ")
            words = t("off_" + stage)
            if stage not in ("told", "lost") and d["off"]["asked_at"] and d["off"]["said_at"]:
                after = (datetime.datetime.fromisoformat(d["off"]["said_at"]) - datetime.datetime.fromisoformat(
                    d["off"]["asked_at"])).total_seconds()
                if 0 <= after < 600:
                    words = t("after", what=words, n=whole(max(0, after)))
            yield line("devices off asked_at,devices off said_at", "step:" + d["id"], words)
        shown = all(d["off"]["proved"] for d in driven)
        proved = shown and all(d["watts"] is None or d["off"]["by"] != "word" for d in driven)
        yield line("stopped,devices off proved", "answer", t("stop_proved" if proved else "stop_word" if shown else "stop_accepted"))
        return
    yield line("stopped", "answer", t("stop_all"))
    yield line("not_tonight", "pressed:not_tonight", "true" if s["not_tonight"] else "false")
    on = [d for d in s["devices"] if d.get("on") and drives(d)]
    for play in s["plays"][:2]:
        yield line("plays step", "now", play["step"] or play["name"])
        yield line("plays left_s,plays paused", "now", left_words(play))
    if not s["plays"]:
        yield line("devices on", "now", ", ".join(t("is_on", name=d["name"]) for d in on) if on else t("all_quiet"))


def of_rules(s):
    def switch(one):
        return t("rule_off") if not one["on"] else t("rule_on") if one["on_tonight"] and not s["not_tonight"] else t("rule_not_tonight")
    for kind, key in (("rules", "name"), ("routines", "id")):
        for one in s[kind]:
            where = f"{kind[:-1]}:{one[key]}"
            yield Line((f"{kind} on", f"{kind} on_tonight", f"{kind} name"), "rules", where, f"{one['name']} {switch(one)}", where)
            yield Line((f"{kind} in_words",), "rules", where, one["in_words"], where)
            if one.get("next_text"):
                yield Line(("rules next_text",), "rules", where, one["next_text"], where)
            for track in one.get("score", []):
                name = next((d["name"] for d in s["devices"] if d["id"] == track["device"]), None)
                if name:
                    yield Line(("routines score device",), "rules", where, name, where)
                if track.get("text"):
                    yield Line(("routines score at_s", "routines score text"), "rules", where, track["text"], where)
