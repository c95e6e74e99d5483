// Stands before a running program: the pages of dist/ from here, everything of the API from there. For people who work on
// the pages and want the real bedroom behind them:   node dev-server/proxy.mjs http://127.0.0.1:8099/ [PORT]
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { page } from './server.mjs';

export function stand({ to, port = 0 }) {
  const target = new URL(to);
  const headers = req => ({ ...req.headers, host: target.host, ...(req.headers.origin ? { origin: target.origin } : {}) });
  const server = createServer((req, res) => {
    if (!req.url.startsWith('/api/')) return page(req.url.slice(1).split('?')[0], res);
    const there = request({ host: target.hostname, port: target.port, path: req.url, method: req.method, headers: headers(req) }, answer => {
      res.writeHead(answer.statusCode, answer.headers);
      answer.pipe(res);
    });
    there.on('error', () => res.destroy());  // nobody there: as it would be without us
    req.pipe(there);
  });
  server.on('upgrade', (req, socket) => {
    const there = connect(Number(target.port), target.hostname, () => {
      there.write(`${req.method} ${req.url} HTTP/1.1\r\n${Object.entries(headers(req)).map(([k, v]) => `${k}: ${v}`).join('\r\n')}\r\n\r\n`);
      socket.pipe(there).pipe(socket);
    });
    for (const s of [socket, there]) s.on('error', () => {}).on('close', () => { socket.destroy(); there.destroy(); });
  });
  return new Promise(ready => server.listen(port, '127.0.0.1', () => ready({
    url: `http://127.0.0.1:${server.address().port}/`, close: () => { server.closeAllConnections(); server.close(); },
  })));
}
if (process.argv[1] === new URL(import.meta.url).pathname)
  console.log((await stand({ to: process.argv[2] ?? 'http://127.0.0.1:8099/', port: Number(process.argv[3] ?? 8098) })).url);
