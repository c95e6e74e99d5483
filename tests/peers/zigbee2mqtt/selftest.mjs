#!/usr/bin/env node
// Runs the peer on a private mosquitto and checks, against the real Zigbee2MQTT, the behaviour that
// Lull relies on. Needs `mosquitto` on the PATH. Takes about a minute and ends by itself.
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const mqtt = createRequire(require.resolve("zigbee2mqtt/package.json"))("mqtt");
const sleep = (s) => new Promise((r) => setTimeout(r, s * 1000));
const freePort = () => new Promise((r) => { const s = net.createServer().listen(0, "127.0.0.1", () => { const { port } = s.address(); s.close(() => r(port)); }); });

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "z2m-selftest-"));
const port = await freePort();
fs.writeFileSync(path.join(dir, "mosquitto.conf"), `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
const broker = spawn("mosquitto", ["-c", path.join(dir, "mosquitto.conf")], { stdio: "ignore" });
broker.on("error", (e) => { console.error(`mosquitto: ${e.message}`); process.exit(2); });
await sleep(0.5);

const peer = spawn(process.execPath, [path.join(here, "run.mjs"), "--mqtt", `mqtt://127.0.0.1:${port}`, "--data", path.join(dir, "data"), "--max-seconds", "240",
  "--config", JSON.stringify({ mqtt: { client_id: "z2m-under-test" }, devices: { "0xa4c1380000000006": { friendly_name: "mattress_vibration", vibration_timeout: 2 } } })],
{ stdio: ["ignore", "pipe", "inherit"] });
const ready = await new Promise((resolve, reject) => {
  let text = "";
  peer.stdout.on("data", (d) => { text += d; if (text.includes("\n")) resolve(JSON.parse(text.split("\n")[0])); });
  peer.once("exit", (code) => reject(new Error(`peer ended early (${code})`)));
});

const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
const seen = [];
client.on("message", (topic, payload, packet) => seen.push({ topic: topic.replace(/^zigbee2mqtt\//, ""), text: payload.toString(), retain: packet.retain }));
await client.subscribeAsync("zigbee2mqtt/#");
await sleep(0.5);

const api = async (method, url, body) => (await fetch(ready.control + url, { method, body: body && JSON.stringify(body) })).json();
const truth = (key) => api("GET", `/devices/${key}`);
const act = (key, what) => api("POST", `/devices/${key}`, what);
const pub = (topic, payload, options) => client.publishAsync(`zigbee2mqtt/${topic}`, typeof payload === "string" ? payload : JSON.stringify(payload), options);
const json = (m) => { try { return JSON.parse(m.text); } catch { return undefined; } };
let mark = 0;
const from = () => { mark = seen.length; };
const got = (topic) => seen.slice(mark).filter((m) => m.topic === topic && !m.retain);
const states = (topic) => got(topic).map(json).filter(Boolean);
const errors = () => got("bridge/logging").map(json).filter((m) => m?.level === "error").map((m) => m.message);
const toldSince = async (key, n) => (await api("GET", `/log?since=${n}&device=${key}&kind=told`));
const here_n = async () => (await api("GET", "/log?since=0")).at(-1)?.n ?? 0;

let passed = 0;
let failed = 0;
const check = (name, ok, detail) => {
  ok ? passed++ : failed++;
  console.log(`${ok ? "ok  " : "FAIL"} ${name}${ok || detail === undefined ? "" : `  ${JSON.stringify(detail)}`}`);
};
const step = async (name, fn) => { try { await fn(); } catch (e) { check(name, false, e.message); } };

await step("pairing", async () => {
  const list = json(seen.find((m) => m.topic === "bridge/devices" && m.retain));
  check("every device is interviewed and supported", list.length === ready.devices.length + 1 && list.every((d) => d.supported && d.interview_state === "SUCCESSFUL"));
  check("bridge/state, info, devices, groups are retained", ["bridge/state", "bridge/info", "bridge/devices", "bridge/groups"].every((t) => seen.some((m) => m.topic === t && m.retain)));
  check("device state topics are not retained by default", !seen.some((m) => m.retain && m.topic === "foot_warmer"));
  check("availability is a retained JSON object", json(seen.find((m) => m.retain && m.topic === "foot_warmer/availability"))?.state === "online");
});

await step("lease", async () => {
  from(); await pub("foot_warmer/set", { state: "ON", on_time: 3 }); await sleep(1);
  const t = await truth("foot_warmer");
  check("on_time starts a device-side timer", t.on && t.timer_left_s > 1 && t.timer_kind === "off", t);
  check("the state is published only when the device reports it", states("foot_warmer").at(-1)?.state === "ON");
  await api("POST", "/z2m", { do: "kill" }); await sleep(3.2);
  check("the device switches off although the bridge is dead", (await truth("foot_warmer")).on === false);
  check("kill -9 raises the last will at once", states("bridge/state").at(-1)?.state === "offline");
  from(); await api("POST", "/z2m", { do: "start" }); await sleep(1.5);
  check("after a kill the cached switch state is gone", states("foot_warmer").every((s) => s.state === undefined), states("foot_warmer"));
  from(); await pub("foot_warmer/get", { state: "" }); await sleep(0.6);
  check("/get reads the device", states("foot_warmer").at(-1)?.state === "OFF");
});

await step("bad timers", async () => {
  from(); await pub("foot_warmer/set", { state: "ON", on_time: 7200 }); await sleep(0.6);
  check("on_time above 6553.5 s is an error and nothing is sent", errors().length === 1 && !(await truth("foot_warmer")).on);
  from(); await pub("foot_warmer/set", { state: "ON", on_time: 6553.5 }); await sleep(0.6);
  check("on_time 6553.5 s becomes 0xffff: on for ever", (await truth("foot_warmer")).on && (await truth("foot_warmer")).timer_left_s === undefined);
  await pub("foot_warmer/set", { state: "OFF" }); await sleep(0.4);
  from(); await pub("old_plug/set", { state: "ON", on_time: 5 }); await sleep(0.8);
  check("a device that refuses on_time: no error, no state, not on", errors().length === 0 && states("old_plug").every((s) => s.state === undefined) && !(await truth("old_plug")).on);
  await pub("leg_massage/set", { state: "ON", on_time: 2, brightness: 60 }); await sleep(2.8);
  check("on_time together with brightness is dropped without an error", (await truth("massage")).on && errors().length === 0);
  await pub("leg_massage/set", { state: "OFF", transition: 0.5 }); await sleep(1.2);
  await pub("leg_massage/set", { state: "ON", on_time: 1 }); await sleep(2);
  check("on_time after an off-with-transition is dropped", (await truth("massage")).on);
  await pub("leg_massage/set", { state: "OFF" }); await sleep(0.4);
});

await step("tuya countdown", async () => {
  await pub("bedroom/heat_pad/set", { countdown: 1 }); await sleep(2);
  check("countdown on an OFF Tuya plug switches it ON", (await truth("heat_pad")).on);
  await pub("bedroom/heat_pad/set", { state: "OFF" }); await sleep(0.5);
  from(); await act("heat_pad", { latency_ms: 150 });
  await pub("bedroom/heat_pad/set", { state: "ON", countdown: 1 }); await sleep(0.2); await pub("bedroom/heat_pad/set", { state: "OFF" }); await sleep(2.5);
  check("OFF sent while ON+countdown is in flight ends with the plug ON", (await truth("heat_pad")).on);
  await act("heat_pad", { latency_ms: 15 });
  from(); await pub("bedroom/heat_pad/set", { state: "OFF", on_time: 5 }); await sleep(0.5);
  check("a Tuya plug has no converter for on_time", errors().some((e) => e.includes("No converter available for 'on_time'")));
});

await step("lies", async () => {
  from(); await act("foot_warmer", { refuse_next: 1 }); await pub("foot_warmer/set", { state: "ON" }); await sleep(0.6);
  check("a refused ON is still published as ON", states("foot_warmer").at(-1)?.state === "ON" && !(await truth("foot_warmer")).on);
  check("with last_seen on, the old state is published first", states("foot_warmer")[0]?.state === "OFF");
  await act("foot_warmer", { link: false }); from(); await pub("foot_warmer/set", { state: "ON" }); await sleep(3);
  check("an unreachable device gives only a bridge/logging error", states("foot_warmer").length === 0 && errors().some((e) => e.startsWith("z2m: Publish 'set' 'state' to 'foot_warmer' failed")));
  await act("foot_warmer", { link: true });
  await pub("bridge/request/group/add", { friendly_name: "g", id: 9 }); await sleep(0.3);
  for (const d of ["foot_warmer", "old_plug"]) { await pub("bridge/request/group/members/add", { group: "g", device: d }); await sleep(0.4); }
  await act("old_plug", { link: false }); from(); await pub("g/set", { state: "ON" }); await sleep(0.8);
  check("a group command reports ON for a member that never heard it", states("old_plug").at(-1)?.state === "ON" && !(await truth("old_plug")).on && (await truth("foot_warmer")).on);
  await act("old_plug", { link: true }); await pub("g/set", { state: "OFF" }); await sleep(0.6);
});

await step("requests", async () => {
  from(); await pub("bridge/request/health_check", { transaction: "h1" }); await sleep(0.3);
  check("health_check echoes the transaction", states("bridge/response/health_check")[0]?.transaction === "h1");
  from(); await pub("bridge/request/device/rename", { from: "foot_warmer", to: "bed/foot warmer", transaction: 2 }); await sleep(0.5);
  check("rename clears the old topic and availability", got("foot_warmer").some((m) => m.text === "") && got("foot_warmer/availability").some((m) => m.text === ""));
  from(); const n = await here_n(); await pub("0xa4c1380000000002/set", { state: "ON", on_time: 1 }); await sleep(0.6);
  check("set by IEEE address works after a rename", (await toldSince("foot_warmer", n)).some((e) => e.do === "on_with_timed_off"));
  check("state is still published under the friendly name", states("bed/foot warmer").at(-1)?.state === "ON");
  from(); await pub("foot_warmer/set", { state: "ON" }); await sleep(0.3);
  check("the old name is unknown", errors().includes("z2m: Entity 'foot_warmer' is unknown"));
  from(); const m = await here_n(); await pub("bed_heater_thermostat/set", { current_heating_setpoint: 99 }); await sleep(0.4);
  check("value_max is not enforced for datapoint devices", (await toldSince("thermostat", m)).some((e) => e.dp === 2 && e.value === 990) && errors().length === 0);
  await pub("bed_heater_thermostat/set", { current_heating_setpoint: 18 });
  from(); const k = await here_n(); await pub("bed_base/set", { foot_massage_intensity: "two" }); await sleep(0.5);
  check("using `name` instead of `property` drives another endpoint", (await toldSince("bed_base", k)).some((e) => e.ep === 2));
});

await step("sensors", async () => {
  from(); await act("vibe_bed", { vibrate: { strength: 20 } }); await sleep(0.5); await act("vibe_bed", { vibrate: { strength: 90 } }); await sleep(0.5);
  const hits = states("mattress_vibration").filter((s) => s.action === "vibration");
  check("one action per vibration; strength of the hit follows in a second message", hits.length === 2 && hits[1].strength === 20 && states("mattress_vibration").at(-1).strength === 90, states("mattress_vibration"));
  await sleep(2.2);
  check("vibration false comes from the bridge after vibration_timeout", states("mattress_vibration").at(-1).vibration === false);
  from(); await act("bed_strap", { presence: true, pressure: 700 }); await act("room_presence", { presence: true }); await act("remote", { press: "on" }); await sleep(0.4);
  check("bed strap, presence and remote report", states("bed_strap").at(-1)?.pressure_state === "sit" && states("room_presence").at(-1)?.occupancy === true && states("bedside_remote").at(-1)?.action === "on");
  from(); await act("foot_warmer", { button: "on" }); await sleep(0.4);
  check("a press on the plug itself is reported", states("bed/foot warmer").at(-1)?.state === "ON");
  await pub("0xa4c1380000000002/set", { power_on_behavior: "off" }); await sleep(0.4); await act("foot_warmer", { mains: false }); await act("foot_warmer", { mains: true }); await sleep(0.3);
  check("power_on_behavior off survives a mains cut as OFF", (await truth("foot_warmer")).on === false);
});

await step("restart", async () => {
  const ieee = "0xa4c1380000000002";
  await pub(`${ieee}/set`, { state: "ON" }, { retain: true }); await sleep(0.4); await pub(`${ieee}/set`, { state: "OFF" }); await sleep(0.4);
  const n = await here_n();
  const thief = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: "z2m-under-test", reconnectPeriod: 0 }); await sleep(0.2); await thief.endAsync(true); await sleep(2.5);
  check("a RETAINED set is replayed when the bridge reconnects", (await toldSince("foot_warmer", n)).some((e) => e.do === "on"));
  await pub(`${ieee}/set`, "", { retain: true }); await pub(`${ieee}/set`, { state: "ON" }); await sleep(0.5);
  await api("POST", "/z2m", { do: "stop" }); await act("foot_warmer", { button: "off" });
  from(); await api("POST", "/z2m", { do: "start" }); await sleep(1.5);
  check("after a clean restart the cached (wrong) ON is published", states("bed/foot warmer")[0]?.state === "ON" && !(await truth("foot_warmer")).on);
  await api("POST", "/z2m", { do: "stop" }); const k = await here_n(); await pub(`${ieee}/set`, { state: "ON" }, { qos: 1 }); await api("POST", "/z2m", { do: "start" }); await sleep(1);
  check("a command sent while the bridge is down is lost", (await toldSince("foot_warmer", k)).length === 0);
});

await step("radio", async () => {
  from(); await api("POST", "/radio", { up: false }); await sleep(1.5);
  check("losing the coordinator ends the bridge", states("bridge/state").at(-1)?.state === "offline" && (await api("POST", "/z2m", {})).running === false);
});

await api("POST", "/quit", {}).catch(() => {});
await new Promise((r) => { const t = setTimeout(() => { peer.kill("SIGKILL"); r(); }, 8000); peer.once("exit", () => { clearTimeout(t); r(); }); });
await client.endAsync(true);
broker.kill();
fs.rmSync(dir, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
