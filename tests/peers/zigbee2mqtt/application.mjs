// What a device does when it is told: on and off with its own timers, level, metering, groups, Tuya datapoints. The timers
// live here, on the device's side of the air.
import { T, STATUS, u8, u16 } from "./zcl.mjs";
import { C, clusterName } from "./clusters.mjs";

const clamp = (v, lo, hi) => Math.min(hi, Math.max(lo, v));

// Its heir has the attributes (get, set, define, has) and the air (say).
export class Application {
  told(ep, cluster, what) { this.world.log(this, "told", { cluster: clusterName(cluster), ...what, ep }); }

  command(ep, cluster, f) {
    const p = f.payload;
    if (cluster === C.onoff) return this.onOffCommand(ep, f);
    if (cluster === C.level) return this.levelCommand(ep, f);
    if (cluster === C.color && f.cmd === 0x0a) {
      const mired = p.readUInt16LE(0); const tenths = p.readUInt16LE(2);
      this.told(ep, cluster, { do: "colour_temp", mired, transition_s: tenths / 10 });
      return { after: [() => this.set(ep, cluster, 7, mired)] };
    }
    if (cluster === C.groups) return this.groupCommand(ep, f);
    if (cluster === C.ias && f.cmd === 0x00) {
      this.set(ep, cluster, 0, 1); this.set(ep, cluster, 0x11, p[1]);
      return {};
    }
    if (cluster === C.identify) { this.told(ep, cluster, { do: "identify", command: f.cmd, payload: p.toString("hex") }); return {}; }
    if (cluster === C.tuya) return this.tuyaCommand(ep, f);
    this.told(ep, cluster, { command: f.cmd, payload: p.toString("hex") });
    return { status: STATUS.unsupCmd };
  }

  // ---- on/off ----------------------------------------------------------------------------
  isOn(ep = 1) { return this.get(ep, C.onoff, 0) === 1; }

  switchTo(ep, on, why) {
    const was = this.isOn(ep);
    if (was !== on) { this.integrate(); this.world.log(this, "state", { on, why, ep }); }
    this.set(ep, C.onoff, 0, on ? 1 : 0, { force: was !== on });
    this.meter();
    this.spec.onSwitch?.(this, ep, on);
  }

  clearTimers(ep) {
    const t = this.onTime.get(ep);
    this.onTime.delete(ep);
    if (t) this.set(ep, C.onoff, 0x4001, 0);
  }

  onOffCommand(ep, f) {
    const p = f.payload;
    if (f.cmd <= 0x02) {
      const on = f.cmd === 1 ? true : f.cmd === 0 ? false : !this.isOn(ep);
      this.told(ep, C.onoff, { do: ["off", "on", "toggle"][f.cmd] });
      if (this.spec.tuya || !on) this.clearTimers(ep);      // spec: Off clears OnTime; Tuya: any of the three cancels
      if (on && !this.onTime.has(ep)) this.offWait.delete(ep); // spec: On with OnTime 0 clears OffWaitTime
      return { after: [() => this.switchTo(ep, on, "command")] };
    }
    if (f.cmd === 0x40) { this.told(ep, C.onoff, { do: "off_with_effect" }); this.clearTimers(ep); return { after: [() => this.switchTo(ep, false, "command")] }; }
    if (f.cmd === 0x42) {
      const ctrl = p[0]; const on = p.readUInt16LE(1); const off = p.readUInt16LE(3);
      this.told(ep, C.onoff, { do: "on_with_timed_off", ontime: on, offwaittime: off, ctrlbits: ctrl });
      if (this.spec.timed === "none") return { status: STATUS.unsupCmd };
      if (this.spec.timed === "tuya") {
        // Seconds, and a delayed TOGGLE: on an off plug this switches the load ON when it expires.
        const left = this.countdownBits === 8 ? on & 0xff : on; // some firmware keeps only the low byte
        if (left === 0) this.clearTimers(ep);
        else this.onTime.set(ep, { left, kind: "toggle" });
        return { after: [() => this.set(ep, C.onoff, 0x4001, left, { force: true })] };
      }
      if (ctrl & 1 && !this.isOn(ep)) return {};
      const guard = this.offWait.get(ep) ?? 0;
      if (guard > 0 && !this.isOn(ep)) { this.offWait.set(ep, Math.min(guard, off / 10)); return {}; }
      const left = Math.max(this.onTime.get(ep)?.left ?? 0, on / 10);
      if (on === 0xffff || on === 0 || this.forgetsTimer) this.onTime.delete(ep);  // no expiry
      else this.onTime.set(ep, { left, kind: "off" });
      this.offWait.set(ep, off / 10);
      return { after: [() => this.switchTo(ep, true, "timed on")] };
    }
    return { status: STATUS.unsupCmd };
  }

  tick(dt) {
    for (const [ep, t] of this.onTime) {
      if (!this.mains) { this.onTime.delete(ep); continue; }
      const before = t.left;
      t.left -= dt;
      if (t.kind === "toggle" && Math.floor(before / 60) !== Math.floor(t.left / 60) && t.left > 0) this.set(ep, C.onoff, 0x4001, Math.max(0, Math.round(t.left)), { force: true });
      if (t.left <= 0) {
        this.onTime.delete(ep);
        this.set(ep, C.onoff, 0x4001, 0);
        if (t.kind === "off") this.offWait.set(ep, 0);
        this.switchTo(ep, t.kind === "toggle" ? !this.isOn(ep) : false, "device timer expired");
      }
    }
    for (const [ep, left] of this.offWait) if (!this.isOn(ep) && left > 0) this.offWait.set(ep, Math.max(0, left - dt));
    this.spec.onTick?.(this, dt);
  }

  // ---- level -----------------------------------------------------------------------------
  level(ep = 1) {
    const m = this.moving.get(ep);
    if (!m) return this.get(ep, C.level, 0);
    const k = clamp((Date.now() - m.at) / (m.ms || 1), 0, 1);
    return Math.round(m.from + (m.to - m.from) * k);
  }

  levelCommand(ep, f) {
    const p = f.payload;
    const withOnOff = f.cmd >= 0x04;
    const kind = f.cmd & 0x03;
    if (f.cmd > 0x07) return { status: STATUS.unsupCmd };
    const go = (target, tenths, label) => {
      const from = this.isOn(ep) ? this.level(ep) : 1;
      const to = clamp(target, withOnOff ? 0 : 1, 254);
      const ms = (tenths === 0xffff ? 0 : tenths) * 100 / this.world.timeScale;
      this.told(ep, C.level, { do: label, level: target, transition_s: tenths === 0xffff ? null : tenths / 10, with_on_off: withOnOff });
      clearTimeout(this.moving.get(ep)?.timer);
      const timer = setTimeout(() => {
        this.moving.delete(ep);
        if (to === 0) { this.switchTo(ep, false, "faded out"); return; }
        this.set(ep, C.level, 0, to, { force: true });
        this.meter();
      }, ms + 20);
      this.moving.set(ep, { at: Date.now(), from, to, ms, timer });
      return { after: withOnOff && to > 0 ? [() => this.switchTo(ep, true, "level command")] : [] };
    };
    if (kind === 0) return go(p[0], p.readUInt16LE(1), "move_to_level");
    if (kind === 1) { const up = p[0] === 0; const rate = p[1] || 50; const span = up ? 254 - this.level(ep) : this.level(ep); return go(up ? 254 : 1, Math.round(span / rate * 10), "move"); }
    if (kind === 2) return go(this.level(ep) + (p[0] === 0 ? p[1] : -p[1]), p.length >= 4 ? p.readUInt16LE(2) : 0, "step");
    const now = this.level(ep);
    clearTimeout(this.moving.get(ep)?.timer);
    this.moving.delete(ep);
    this.told(ep, C.level, { do: "stop", level: now });
    return { after: [() => this.set(ep, C.level, 0, now, { force: true })] };
  }

  // ---- metering --------------------------------------------------------------------------
  integrate() {
    const now = Date.now();
    if (this.isOn(1) && this.mains) this.energyWh += this.loadW * (now - this.energyAt) / 3600000 * this.world.timeScale;
    this.energyAt = now;
    this.define(1, C.metering, 0, T.u48, Math.round(this.energyWh / 10));
  }

  watts() {
    if (!this.isOn(1) || !this.mains) return 0;
    return this.has(1, C.level) ? this.loadW * this.level(1) / 254 : this.loadW;
  }

  meter() {
    if (!this.has(1, C.electrical)) return;
    const w = Math.round(this.watts());
    this.set(1, C.electrical, 0x0508, Math.round(w / 230 * 1000));
    this.set(1, C.electrical, 0x050b, w);
  }

  // ---- groups ----------------------------------------------------------------------------
  groupCommand(ep, f) {
    const p = f.payload;
    const id = p.length >= 2 ? p.readUInt16LE(0) : 0;
    if (f.cmd === 0x00) { if (!this.groups.has(id)) this.groups.set(id, new Set()); this.groups.get(id).add(ep); return { reply: { cmd: 0, payload: Buffer.concat([u8(0), u16(id)]) } }; }
    if (f.cmd === 0x03) { this.groups.get(id)?.delete(ep); return { reply: { cmd: 3, payload: Buffer.concat([u8(0), u16(id)]) } }; }
    if (f.cmd === 0x04) { this.groups.clear(); return {}; }
    return { status: STATUS.unsupCmd };
  }

  // ---- Tuya datapoints -------------------------------------------------------------------
  tuyaFrame(list) {
    const parts = list.map(({ id, type, value }) => {
      const data = type === 1 || type === 4 ? u8(value) : type === 2 ? (() => { const b = Buffer.alloc(4); b.writeInt32BE(value); return b; })() : Buffer.from(value);
      const head = Buffer.from([id, type, data.length >> 8, data.length & 0xff]);
      return Buffer.concat([head, data]);
    });
    return Buffer.concat([u16(this.nextTsn()), ...parts]);
  }

  reportDp(ids) {
    const list = ids.map((id) => ({ id, ...this.dp.get(id) }));
    this.say(1, C.tuya, 0x02, this.tuyaFrame(list), { fromServer: true });
  }

  setDp(id, value) { const d = this.dp.get(id); if (d && d.value !== value) { d.value = value; this.reportDp([id]); } }

  tuyaCommand(ep, f) {
    const p = f.payload;
    if (f.cmd === 0x00 || f.cmd === 0x04) {
      const changed = [];
      for (let at = 2; at + 4 <= p.length;) {
        const id = p[at]; const type = p[at + 1]; const n = p.readUInt16BE(at + 2);
        const raw = p.subarray(at + 4, at + 4 + n);
        const value = type === 2 ? raw.readInt32BE(0) : type === 1 || type === 4 ? raw[0] : Buffer.from(raw);
        at += 4 + n;
        this.told(ep, C.tuya, { dp: id, value: Buffer.isBuffer(value) ? value.toString("hex") : value });
        this.dp.set(id, { type, value });
        changed.push(id);
        this.spec.onDp?.(this, id, value);
      }
      return { after: [() => this.reportDp(changed)] };
    }
    if (f.cmd === 0x03) return { after: [() => this.dp.size && this.reportDp([...this.dp.keys()])] };
    return {};
  }
}
