// A real `lull demo` for the tests of the pages: the program, its broker, its simulated bedroom, and an ear on the broker.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip, until, web } from './browser.mjs';

const lull = process.env.LULL ?? new URL('../../../build/release/lull', import.meta.url).pathname;
if (!existsSync(lull)) skip(`no program at ${lull}`);

export function freePort() {
  return new Promise(done => { const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)); }); });
}
/** Faster than life, so that a ramp of 90 s is one of a few; its page at `port`. */
export async function demo({ speed = 20, port = 0, seed = 1 } = {}) {
  const out = mkdtempSync(join(tmpdir(), 'lull-pages-'));
  const process_ = spawn(lull, ['demo', '--speed', String(speed), '--seed', String(seed), '--stay', '--serve', String(port), '--out', out], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  process_.stdout.on('data', d => { said += d; });
  const found = await until('the demo says where its page is', () => /Broker on 127\.0\.0\.1:(\d+)[\s\S]*?(http:\/\/127\.0\.0\.1:\d+\/)/.exec(said), 30);
  const heard = [];  // {topic, payload} of what is said to the devices
  const ear = spawn('mosquitto_sub', ['-h', '127.0.0.1', '-p', found[1], '-t', 'lull/pad/left/number/+/command', '-t', 'zigbee2mqtt/+/set', '-F', '%t\t%p']);
  let rest = '';
  ear.stdout.on('data', d => {
    const lines = (rest + d).split('\n');
    rest = lines.pop();
    for (const line of lines) { const [topic, payload] = line.split('\t'); heard.push({ topic, payload }); }
  });
  // A program that was built without its pages gets those of web/dist: quick, while one works on them.
  const bare = (await fetch(found[2] + 'bed')).status === 404;
  const front = bare ? await (await import(new URL('dev-server/proxy.mjs', web))).stand({ to: found[2], port: bare && port ? port + 1 : 0 }) : null;
  const here = {
    url: front?.url ?? found[2], bare, port: Number(new URL(found[2]).port), pid: process_.pid, heard,
    get said() { return said; },
    get vibration() { return heard.filter(h => h.topic.endsWith('/vibration/command')).map(h => Number(h.payload)); },
    state: async () => (await fetch(found[2] + 'api/v1/state')).json(),
    /** The demo's broker is a child of its own. */
    broker: () => Number(readFileSync(`/proc/${process_.pid}/task/${process_.pid}/children`, 'utf8').trim().split(' ')[0]),
    signal: name => process_.kill(name),
    end: async () => {
      ear.kill();
      front?.close();
      if (process_.exitCode === null && process_.signalCode === null) {
        process_.kill('SIGCONT');
        process_.kill('SIGTERM');
        await Promise.race([new Promise(r => process_.once('exit', r)), new Promise(r => setTimeout(r, 15_000).unref())]);
        process_.kill('SIGKILL');
      }
      rmSync(out, { recursive: true, force: true });
    },
  };
  await until('everything was proved off since the start', async () => (await here.state()).ready, 60);
  return here;
}
