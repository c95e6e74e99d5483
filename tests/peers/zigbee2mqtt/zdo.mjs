// The Zigbee device object: what a device tells of itself when it is interviewed, bound and sent away.
import { euiToBytes, bytesToEui, u8, u16 } from "./zcl.mjs";
import { clusterName } from "./clusters.mjs";

export function answerZdo(device, cluster, p) {
  const seq = p[0];
  const r = (id, ...parts) => ({ cluster: id, data: Buffer.concat([u8(seq), u8(0), ...parts]).toString("hex") });
  const nwk = u16(device.nwk);
  if (cluster === 0x0000 || cluster === 0x0001) return r(0x8000 | cluster, euiToBytes(device.ieee), nwk);
  if (cluster === 0x0002) {
    const s = device.spec;
    const type = device.nwk === 0 ? 0 : device.router ? 1 : 2;
    const cap = device.router || device.nwk === 0 ? 0x8e : s.battery ? 0x80 : 0x8c;
    return r(0x8002, nwk, Buffer.from([type, 0x40, cap]), u16(s.manufCode ?? 0), u8(82), u16(82), u16(0), u16(82), u8(0));
  }
  const eps = Object.keys(device.spec.endpoints).map(Number);
  if (cluster === 0x0005) return r(0x8005, nwk, u8(eps.length), Buffer.from(eps));
  if (cluster === 0x0004) {
    const ep = p[3];
    const d = device.spec.endpoints[ep];
    const body = Buffer.concat([u8(ep), u16(d.profile ?? 0x0104), u16(d.device ?? 0), u8(1), u8(d.in.length), ...d.in.map(u16), u8(d.out.length), ...d.out.map(u16)]);
    return r(0x8004, nwk, u8(body.length), body);
  }
  if (cluster === 0x0021 || cluster === 0x0022) { device.world.log(device, "bind", { cluster: clusterName(p.readUInt16LE(10)), ep: p[9], undo: cluster === 0x22 || undefined, to: p[12] === 3 ? bytesToEui(p.subarray(13, 21)) : `group ${p.readUInt16LE(13)}` }); return r(0x8000 | cluster); }
  if (cluster === 0x0031 || cluster === 0x0032) return r(0x8000 | cluster, Buffer.from([0, 0, 0]));
  if (cluster === 0x0034) { setTimeout(() => device.world.leave(device), 30); return r(0x8034); }
  if (cluster === 0x0036) return r(0x8036);
  return undefined;
}
