// What a browser must fetch before each page is whole, gzipped: its HTML, style, scripts, and one language.
//   node dev-server/weight.mjs      prints it and ends with 1 when a page weighs more than 25 KB
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const kMost = 25 * 1024;
const dist = new URL('../dist/', import.meta.url);
const size = file => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
let heavy = false;
for (const page of ['index.html', 'bed.html', 'night/index.html', 'rules.html', 'trends.html', 'login.html']) {
  const files = new Set([page]), queue = [...readFileSync(new URL(page, dist), 'utf8').matchAll(/(?:href|src)="\.{1,2}\/(assets\/[^"]+)"/g)].map(m => m[1]);
  queue.push(...readdirSync(new URL('assets', dist)).filter(f => /^de-.*\.js$/.test(f)).map(f => 'assets/' + f));
  while (queue.length) {
    const file = queue.pop();
    if (files.has(file)) continue;
    files.add(file);
    if (file.endsWith('.js')) queue.push(...[...readFileSync(new URL(file, dist), 'utf8').matchAll(/(?:from|import)\s*["`]\.\/([^"`]+\.js)["`]/g)].map(m => 'assets/' + m[1]));
  }
  const bytes = [...files].reduce((sum, f) => sum + size(f), 0);
  heavy ||= bytes > kMost;
  console.log(`${page}: ${(bytes / 1024).toFixed(1)} KB in ${files.size} files`);
}
process.exit(heavy ? 1 : 0);
