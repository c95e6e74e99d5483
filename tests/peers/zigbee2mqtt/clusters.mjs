// The clusters of the Zigbee Cluster Library that the virtual devices have, and their attributes as they leave the factory.
import { T } from "./zcl.mjs";

export const C = {
  basic: 0x0000, power: 0x0001, identify: 0x0003, groups: 0x0004, scenes: 0x0005, onoff: 0x0006, level: 0x0008,
  msIn: 0x0012, msOut: 0x0013, poll: 0x0020, lock: 0x0101, color: 0x0300, occupancy: 0x0406, ias: 0x0500,
  metering: 0x0702, electrical: 0x0b04, tuya: 0xef00, tuya0: 0xe000, tuya1: 0xe001,
};
const NAMES = Object.fromEntries(Object.entries(C).map(([k, v]) => [v, k]));
export const clusterName = (id) => NAMES[id] ?? `0x${id.toString(16)}`;

// Calls d(id, type, value) for each attribute of a cluster.
export function factory(spec, cluster, d) {
  if (cluster === C.basic) {
    d(0, T.u8, 3); d(1, T.u8, spec.appVersion ?? 0x40); d(2, T.u8, 2); d(3, T.u8, 1);
    d(4, T.str, spec.manufacturer); d(5, T.str, spec.model); d(6, T.str, "20240101");
    d(7, T.e8, spec.battery ? 3 : 1); d(0x4000, T.str, spec.sw ?? "1.0.0"); d(0xfffe, T.e8, 0);
  } else if (cluster === C.power) { d(0x20, T.u8, 30); d(0x21, T.u8, 180); }
  else if (cluster === C.identify) d(0, T.u16, 0);
  else if (cluster === C.onoff) {
    d(0, T.bool, 0); d(0x4000, T.bool, 1); d(0x4001, T.u16, 0); d(0x4002, T.u16, 0); d(0x4003, T.e8, spec.startUp ?? 0xff);
    if (spec.tuya) { d(0x8000, T.bool, 0); d(0x8001, T.e8, 1); d(0x8002, T.e8, spec.startUp ?? 2); }
  } else if (cluster === C.level) {
    d(0, T.u8, 254); d(1, T.u16, 0); d(0x0f, T.map8, 0); d(0x10, T.u16, 0); d(0x11, T.u8, 255); d(0x4000, T.u8, 255);
  } else if (cluster === C.color) {
    d(7, T.u16, 370); d(8, T.e8, 2); d(0x0f, T.map8, 0); d(0x4001, T.e8, 2); d(0x400a, T.map16, 0x10); d(0x400b, T.u16, 250); d(0x400c, T.u16, 454); d(0x4010, T.u16, 370);
  } else if (cluster === C.electrical) {
    d(0x0505, T.u16, 230); d(0x0508, T.u16, 0); d(0x050b, T.i16, 0);
    d(0x0600, T.u16, 1); d(0x0601, T.u16, 1); d(0x0602, T.u16, 1); d(0x0603, T.u16, 1000); d(0x0604, T.u16, 1); d(0x0605, T.u16, 1);
  } else if (cluster === C.metering) {
    d(0, T.u48, 0); d(0x0300, T.e8, 0); d(0x0301, T.u24, 1); d(0x0302, T.u24, 100); d(0x0303, T.map8, 0); d(0x0400, T.i24, 0);
  } else if (cluster === C.occupancy) { d(0, T.map8, 0); d(0x10, T.u16, 60); d(0x20, T.u16, 60); d(0x22, T.u8, 2); }
  else if (cluster === C.ias) { d(0, T.e8, 0); d(1, T.e16, spec.zoneType ?? 0x2d); d(2, T.map16, 0); d(0x10, T.eui, "0x0000000000000000"); d(0x11, T.u8, 0xff); }
  else if (cluster === C.msIn || cluster === C.msOut) d(0x55, T.u16, 0);
}
