// Whether the tests notice what they guard: each line breaks one thing in a copy of the sources, and vitest must fail.
//   node web/tests/mutants.mjs [PART OF A NAME]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const web = new URL('..', import.meta.url).pathname;
/** What a person would suffer; the file below src/; what stands there; what stands there instead. */
const kMutants = [
  ['a STOP without an answer is not said again', 'core/sender.ts', 'now - (a.sent ?? 0) >= kStopAgain', 'false'],
  ['a STOP is said only on a socket that may be dead', 'core/sender.ts', '!s.link || a.tries > 0', 'false'],
  ['a START without a link is kept, and sent', 'core/sender.ts', '!s.link || (stopPending(s) && begins(command))', 'false'],
  ['a START that was asked before a STOP follows it', 'core/sender.ts', 'open(a) && begins(a.command) ? end(a, \'lost\', now) : a', 'a'],
  ['what was on its way when the link broke is still hoped for', 'core/sender.ts', 'open(a) && !isStop(a.command) ? end(a, \'lost\', now) : a', 'a'],
  ['a START without an answer is not said to be lost', 'core/sender.ts', 'now - a.asked >= kAnswer', 'false'],
  ['the link is said to be up through any silence', 'core/live.ts', 'patient.phase === \'up\' ? now - patient.told >= kSilence', 'patient.phase === \'up\' ? false'],
  ['a change that was missed is passed over', 'core/live.ts', 'frame.seq !== live.seq + 1', 'false'],
  ['a change is applied twice', 'core/live.ts', 'frame.seq <= live.seq', 'false'],
  ['a closed connection still speaks', 'core/live.ts', 'if (live.attempt === null) return [live, []];  // the last', '// the last'],
  ['the time at the server stands still', 'core/live.ts', 'live.clock.at + now - live.clock.told', 'live.clock.at'],
  ['what an old state says counts as proof', 'core/proof.ts', 'const stopped = link && !!state?.stopped', 'const stopped = !!state?.stopped'],
  ['off by its word is called proved', 'core/proof.ts', 'd.off?.by !== \'word\'', 'true'],
  ['a STOP that nobody heard is called heard', 'core/proof.ts', '(!stop || stop.stage === \'accepted\' || stop.stage === \'lost\')', 'true'],
  ['a patch reaches the roots of every object', 'core/patch.ts', 'if (key === \'__proto__\') continue;', ''],
  ['less is promised to be left than is', 'core/when.ts', 'Math.ceil(seconds / 60)', 'Math.floor(seconds / 60)'],
  ['a word is missing in German', 'words/de.json', '  "stop_proved": "alles aus, bewiesen",\n', ''],
];

const copy = mkdtempSync(join(tmpdir(), 'lull-web-'));
let survived = 0;
try {
  for (const part of ['src', 'tests', 'package.json', 'tsconfig.json', 'vite.config.ts']) cpSync(join(web, part), join(copy, part), { recursive: true });
  symlinkSync(join(web, 'node_modules'), join(copy, 'node_modules'));
  const passes = () => spawnSync('npx', ['--no-install', 'vitest', 'run'], { cwd: copy, encoding: 'utf8' }).status === 0;
  if (!passes()) throw new Error('the tests fail without any mutant');
  for (const [what, file, from, to] of kMutants) {
    if (process.argv[2] && !what.includes(process.argv[2])) continue;
    const path = join(copy, 'src', file), was = readFileSync(path, 'utf8');
    if (was.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
    writeFileSync(path, was.replace(from, () => to));
    const seen = !passes();
    writeFileSync(path, was);
    console.log(`${seen ? 'noticed ' : 'SURVIVED'} ${what}`);
    if (!seen) ++survived;
  }
} finally { rmSync(copy, { recursive: true, force: true }); }
process.exit(survived ? 1 : 0);
