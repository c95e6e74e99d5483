// Reads the pages for a test that is told in Python: a page's name a line comes in, what it shows goes out as a line of JSON,
// by its places. "do SELECTOR" touches something on the page that was read last.      node read.mjs URL
import { createInterface } from 'node:readline';
import { close, desk, open, phone } from './browser.mjs';

const url = process.argv[2], opened = {};
let last;
const kPaths = { home: '', bed: 'bed', rules: 'rules' };
async function page(name) {
  if (!opened[name]) {
    opened[name] = await open(url + kPaths[name], { viewport: name === 'bed' ? phone : desk });
    await opened[name].waitForSelector(name === 'bed' ? '[data-do], [data-stage]' : 'main h1');
  }
  return last = opened[name];
}
/** Run in the page: each place with its words, as somebody reads them. */
function shown() {
  const words = e => (e?.innerText ?? '').replace(/\s+/g, ' ').trim(), all = (s, within = document) => [...within.querySelectorAll(s)];
  const out = { h1: all('h1').map(words).join(' '), lead: all('.lead').map(words).join(' '), notices: all('.notice').map(words).join(' '),
    head: words(document.querySelector('main header span')), now: words(document.querySelector('.now')), answer: words(document.querySelector('#answer')) };
  for (const c of all('section.card')) out['card:' + words(c.querySelector('h2, h3'))] = words(c);
  for (const r of all('section.card li.split')) out['row:' + words(r.querySelector('b'))] = words(r);
  for (const r of all('[data-rule]')) out['rule:' + r.dataset.rule] = words(r);
  for (const r of all('[data-routine]')) out['routine:' + r.dataset.routine] = words(r) + ' ' + all('.score text', r).map(t => t.textContent).join(' ');
  for (const s of all('[data-stage]')) out['step:' + s.dataset.device] = s.dataset.stage + ' ' + words(s);
  for (const k of all('[aria-pressed]')) out['pressed:' + k.dataset.do] = k.getAttribute('aria-pressed');
  return out;
}
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    if (line.startsWith('do ')) answer = await last.locator(line.slice(3)).first().click().then(() => ({}));
    else answer = await (await page(line)).evaluate(shown);
  } catch (e) { answer = { failed: String(e) }; }
  console.log(JSON.stringify(answer));
}
await close();
