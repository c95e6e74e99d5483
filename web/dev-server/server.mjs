// For people who work on the pages, and for pictures that must always look alike: serves dist/ and plays a bedroom that
// obeys. The real proof is tests/e2e, against the program itself.
//   node dev-server/server.mjs [PORT] [--samples N]
import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import { readFileSync, existsSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const read = name => JSON.parse(readFileSync(new URL('fixtures/' + name, here), 'utf8'));
const dist = new URL('../dist/', here);
const kTypes = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', webmanifest: 'application/manifest+json' };
const kPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/** One of the pages, with the program's own policy. */
export function page(path, res) {
  const file = /^night\/[\d-]*$/.test(path) ? 'night/index.html' : path === '' ? 'index.html' : /^\w+$/.test(path) ? path + '.html' : path;
  if (file.includes('..') || !existsSync(new URL(file, dist))) return res.writeHead(404).end();
  res.writeHead(200, { 'Content-Type': kTypes[file.split('.').pop()], 'Content-Security-Policy': kPolicy }).end(readFileSync(new URL(file, dist)));
}
const forced = d => d.kind === 'massage_pad' || d.kind === 'heat_pad';

export function serve({ port = 0, prefix = '', change = () => {} } = {}) {
  const state = read('state.json');
  change(state);
  let seq = 41;
  const sockets = new Set();
  const tell = patch => { Object.assign(state, patch); ++seq; for (const s of sockets) say(s, { seq, patch }); };
  const device = (id, patch) => tell({ devices: state.devices.map(d => (d.id === id ? { ...d, ...patch } : d)) });
  const off = (by, s) => ({ proved: by !== 'none', by, text: '', asked_at: '2026-11-22T00:14:30+01:00', said_at: by === 'none' ? null : `2026-11-22T00:14:3${s}+01:00` });

  function command(c) {
    if (c.do === 'stop') {
      tell({ stopped: true, status: 'stopped', status_why: 'STOP, from the page', plays: [],
             devices: state.devices.map(d => (forced(d) ? { ...d, on: null, wanted: 0, off: off('none') } : d)) });
      setTimeout(() => { for (const d of state.devices) if (forced(d)) device(d.id, { on: false, level: 0, off: off('word', 1) }); }, 600);
      setTimeout(() => { for (const d of state.devices) if (forced(d) && d.watts != null) device(d.id, { watts: 0, off: off('watts', 3) }); }, 1500);
      return;
    }
    if (state.stopped && c.do !== 'release') return { code: 'stopped', title: 'stopped', detail: 'STOP is latched', remedy: 'lift the STOP first' };
    if (c.do === 'release') tell({ stopped: false, status: 'ready', status_why: '' });
    if (c.do === 'not_tonight') tell({ not_tonight: c.on });
    if (c.do === 'allow') {
      const to = one => ({ ...one, ...(c.tonight ? { on_tonight: c.on } : { on: c.on, on_tonight: c.on || one.on_tonight }) });
      tell(c.rule ? { rules: state.rules.map(r => (r.name === c.rule ? to(r) : r)) } : { routines: state.routines.map(r => (r.id === c.routine ? to(r) : r)) });
    }
    if (c.do === 'extend') tell({ plays: state.plays.map(p => ({ ...p, left_s: p.left_s + 60 * c.minutes })) });
    if (c.do === 'softer' || c.do === 'stronger') device('leg_massage', { level: state.devices[0].level + (c.do === 'softer' ? -8 : 8) });
    if (c.do === 'set') device(c.device, { on: c.level > 0, level: c.level });
    if (c.do === 'stop_play') tell({ plays: state.plays.filter(p => p.routine !== c.routine) });
    if (c.do === 'replay' || c.do === 'play') {
      const r = state.routines.find(r => r.id === (c.routine ?? 'night-relief'));
      tell({ status: 'playing', plays: [{ routine: r.id, name: r.name, door: 'page', step: 'massage', step_left_s: 60 * r.minutes, left_s: 60 * r.minutes, paused: false }] });
    }
  }
  function answer(path, query, body) {
    if (path === 'state') return state;
    if (path === 'session') return { user: null, role: 'admin' };
    if (path === 'commands') return command(body) ?? { accepted: true };
    if (path === 'nights') return read('nights.json');
    if (/^nights\/[\d-]+$/.test(path)) return read('night.json');
    if (path === 'why') return { ...read('why.json'), at: query.get('at') };
    if (path === 'decisions') return { decisions: read('why.json').decisions };
    if (path === 'trends') return read('trends.json');
    if (path === 'backtest') return read('backtest.json');
  }
  const server = createServer((req, res) => {
    const url = new URL(req.url, 'http://x');
    const path = url.pathname.startsWith(prefix + '/') ? url.pathname.slice(prefix.length + 1) : null;
    if (path === null) return res.writeHead(404).end();
    if (path.startsWith('api/v1/')) {
      let text = '';
      req.on('data', d => { text += d; }).on('end', () => {
        const said = answer(path.slice(7), url.searchParams, text ? JSON.parse(text) : null);
        res.writeHead(said ? 200 : 404, { 'Content-Type': 'application/json' }).end(JSON.stringify(said ?? { detail: 'there is no such thing' }));
      });
      return;
    }
    page(path, res);
  });
  server.on('upgrade', (req, socket) => {
    const accept = createHash('sha1').update(req.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => sockets.delete(socket));
    socket.on('data', data => {
      const length = data[1] & 127, at = length === 126 ? 4 : 2, mask = data.subarray(at, at + 4);
      if ((data[0] & 15) !== 1) return void ((data[0] & 15) === 8 && socket.end());
      const size = length === 126 ? data.readUInt16BE(2) : length;
      const said = JSON.parse(Buffer.from(data.subarray(at + 4, at + 4 + size).map((b, i) => b ^ mask[i % 4])).toString());
      const problem = command(said.command);
      say(socket, problem ? { id: said.id, problem } : { id: said.id, accepted: true });
    });
    say(socket, { seq, state });
    say(socket, { clock: Date.now() });
  });
  const beat = setInterval(() => { for (const s of sockets) { say(s, { seq }); say(s, { clock: Date.now() }); } }, 5_000);
  beat.unref();
  return new Promise(ready => server.listen(port, '127.0.0.1', () => ready({
    url: `http://127.0.0.1:${server.address().port}${prefix}/`, state, tell,
    close: () => { clearInterval(beat); for (const s of sockets) s.destroy(); server.closeAllConnections(); server.close(); },
  })));
}
function say(socket, frame) {
  const text = Buffer.from(JSON.stringify(frame));
  const head = text.length < 126 ? Buffer.from([0x81, text.length]) : Buffer.from([0x81, 126, text.length >> 8, text.length & 255]);
  socket.write(Buffer.concat([head, text]));
}
if (process.argv[1] === new URL(import.meta.url).pathname)
  console.log((await serve({ port: Number(process.argv[2] ?? 8098) })).url);
