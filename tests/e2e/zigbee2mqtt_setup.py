"""The set-up test on the real Zigbee2MQTT, as a person runs it: `lull device test`, with the radio's own timing."""

from __future__ import annotations

import json
import subprocess

from world import World, need, wait


def lull(w: World, *arguments: str, seconds: float = 150) -> tuple[int, str]:
    """(exit code, everything it printed) of `lull device ...` beside the running service."""
    done = subprocess.run([w.binary, "device", *arguments, "--config", str(w.folder / "bedroom.yaml"), "--state",
                           str(w.state)], capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL, text=True)
    return done.returncode, done.stdout + done.stderr


def gate(w: World, device: str) -> dict:
    return json.loads(w.said(f"device/{device}/gate") or "{}")


def codes(w: World, device: str) -> list[str]:
    return [f["code"] for f in gate(w, device).get("findings", []) if f["refuses"]]


def until_conforming(w: World, device: str) -> None:
    """The bridge has told all that the gate must know, and nothing was found."""
    wait(f"the gate of {device} is open", lambda: gate(w, device).get("conforming"), lambda: gate(w, device))


def nothing_heats_before_its_set_up_test(w: World) -> str:
    mark = w.mark()
    w.command(do="set", device="foot_warmer", level=40)
    wait("lull refuses", lambda: w.attributes("foot_warmer").get("refusal") == "trial_needed",
         lambda: w.attributes("foot_warmer"))
    why = w.attributes("foot_warmer")["why"]
    need("the refusal names the command that helps", 'lull device test "Foot warmer"' in why, why)
    need("it was told nothing but OFF", all(e["do"] == "off" for e in w.told("foot_warmer", mark)),
         w.told("foot_warmer", mark))
    w.command(do="set", device="foot_warmer", level=0)
    code, said = lull(w, "list")
    need("lull device list says so too", code == 0 and "trial_needed" in said and "NOT USABLE" in said, said)
    return why


def a_plug_that_forgets_its_time_limit_fails_and_is_switched_off(w: World) -> str:
    w.do("foot_warmer", forgets_timer=True)
    mark = w.mark()
    code, said = lull(w, "test", "Foot warmer")
    w.do("foot_warmer", forgets_timer=False)
    need("exit code 1", code == 1, f"{code}\n{said}")
    need("it says what was seen and what to do", "it stayed on" in said and "forgets its time limit" in said, said)
    w.until_on("foot_warmer", False)
    need("one ON, nothing for twenty seconds, then OFF", [e["do"] for e in w.told("foot_warmer", mark)
         if e["do"] != "off"] == ["on_with_timed_off"], w.told("foot_warmer", mark))
    need("the gate stays shut", codes(w, "foot_warmer") == ["trial_needed"], gate(w, "foot_warmer"))
    need("and shows the result", gate(w, "foot_warmer")["test"]["state"] == "failed", gate(w, "foot_warmer"))
    return said.strip().splitlines()[-1]


def a_plug_that_refuses_a_time_limit_fails_its_set_up_test(w: World) -> str:
    mark = w.mark()
    code, said = lull(w, "test", "Old plug")
    need("exit code 1", code == 1, f"{code}\n{said}")
    need("it says which step failed", "(on_time), 3 times" in said, said)
    need("it was never on", not any(e["on"] for e in w.log("old_plug", "state", mark)), w.log("old_plug", "state", mark))
    return said.strip().splitlines()[-1]


def a_plug_that_toggles_is_not_even_tried(w: World) -> str:
    mark = w.mark()
    code, said = lull(w, "test", "Heat pad")
    need("exit code 1 and the reason", code == 1 and "countdown" in said, f"{code}\n{said}")
    need("it was told nothing", not [e for e in w.told("heat_pad", mark) if e["do"] != "off"], w.told("heat_pad", mark))
    code, said = lull(w, "test", "Bedside lamp")
    need("a lamp is wrong usage", code == 2, f"{code}\n{said}")
    return ""


def a_plug_in_a_group_is_refused_until_it_is_taken_out(w: World) -> None:
    member = {"group": "bedroom", "device": "foot_warmer"}
    w.client.publish("zigbee2mqtt/bridge/request/group/add", json.dumps({"friendly_name": "bedroom"}))
    w.client.publish("zigbee2mqtt/bridge/request/group/members/add", json.dumps(member))
    wait("the gate says so", lambda: "in_group" in codes(w, "foot_warmer"), lambda: gate(w, "foot_warmer"))
    code, said = lull(w, "show", "Foot warmer")
    need("lull device show too, with the remedy", code == 1 and "take it out of that group" in said, said)
    w.client.publish("zigbee2mqtt/bridge/request/group/members/remove", json.dumps(member))
    wait("and it is forgotten when it was taken out", lambda: "in_group" not in codes(w, "foot_warmer"),
         lambda: gate(w, "foot_warmer"))


def an_option_that_drops_the_time_limit_is_refused_until_it_is_removed(w: World) -> None:
    def option(value):
        w.client.publish("zigbee2mqtt/bridge/request/device/options",
                         json.dumps({"id": "foot_warmer", "options": {"transition": value}}))
    option(2)
    wait("the gate says so", lambda: "transition_option" in codes(w, "foot_warmer"), lambda: gate(w, "foot_warmer"))
    option(None)
    wait("and no restart is needed", lambda: "transition_option" not in codes(w, "foot_warmer"),
         lambda: gate(w, "foot_warmer"))


def a_plug_that_keeps_its_time_limit_passes(w: World) -> str:
    mark = w.mark()
    code, said = lull(w, "test", "Foot warmer")
    need("exit code 0", code == 0, f"{code}\n{said}\n{w.lull.tail()}")
    told = [e["do"] for e in w.told("foot_warmer", mark)]
    need("three ONs of ten seconds, and no OFF ended them",
         told.count("on_with_timed_off") == 3 and told[-1] == "on_with_timed_off", told)
    need("each of ten seconds", {e["ontime"] for e in w.told("foot_warmer", mark) if "ontime" in e} <= {90, 100},
         w.told("foot_warmer", mark))
    offs = [e for e in w.log("foot_warmer", "state", mark) if not e["on"]]
    need("its own timer switched it off, twice", [e["why"] for e in offs] == ["device timer expired"] * 2, offs)
    need("its power was seen to fall", "W to 0 W" in said, said)
    need("its behaviour after a power cut was read back", "stays off, read back" in said, said)
    until_conforming(w, "foot_warmer")
    w.keep_tested()
    return said.strip().splitlines()[-1]


SET_UP = [nothing_heats_before_its_set_up_test, a_plug_that_refuses_a_time_limit_fails_its_set_up_test,
          a_plug_that_toggles_is_not_even_tried, a_plug_that_forgets_its_time_limit_fails_and_is_switched_off,
          a_plug_in_a_group_is_refused_until_it_is_taken_out,
          an_option_that_drops_the_time_limit_is_refused_until_it_is_removed, a_plug_that_keeps_its_time_limit_passes]
