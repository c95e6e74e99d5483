// A real Chromium for the tests of the pages, and what they all measure. What is missing is said, and the test skipped.
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

export const web = new URL('../../../web/', import.meta.url);
const kChromium = process.env.LULL_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const kSkip = 77;  // what ctest takes for "skipped"

export function skip(why) {
  console.log('skipped: ' + why);
  process.exit(kSkip);
}
if (!kChromium || !existsSync(kChromium)) skip('no Chromium; ./dev test --peers installs it');
if (!existsSync(new URL('node_modules/.package-lock.json', web))) skip('web/ is not set up; ./dev test --peers does it');
const require = createRequire(new URL('package.json', web));
const { chromium } = require('playwright-core');
export const { PNG } = require('pngjs');
export const pixelmatch = (await import(require.resolve('pixelmatch'))).default;
export const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const patience = Number(process.env.LULL_TEST_PATIENCE ?? 1);

export const phone = { width: 360, height: 740 }, desk = { width: 1280, height: 900 };
let browser;
export async function open(url, { viewport = phone, colorScheme = 'light', touch = false, ...more } = {}) {
  browser ??= await chromium.launch({ executablePath: kChromium, args: ['--no-sandbox', '--font-render-hinting=none'] });
  const context = await browser.newContext({
    viewport, colorScheme, locale: 'en-GB', timezoneId: 'Europe/Berlin', hasTouch: touch, reducedMotion: 'reduce', ...more,
  });
  context.setDefaultTimeout(10_000 * patience);
  const page = await context.newPage();
  page.told = [];  // what the browser itself complained about: policy, scripts, files that are not there
  page.asked = [];
  page.on('pageerror', e => page.told.push(e.message));
  page.on('console', m => { if (m.type() === 'error') page.told.push(m.text()); });
  page.on('request', r => page.asked.push(r.url()));
  await page.goto(url);
  return page;
}
export const close = async () => { await browser?.close(); browser = undefined; };

/** Until it holds, or the patience is over; then with what was last seen. */
export async function until(what, holds, seconds = 15) {
  let last;
  for (const end = Date.now() + 1000 * seconds * patience; Date.now() < end;) {
    try { if ((last = await holds())) return last; } catch (e) { last = e; }
    await new Promise(r => setTimeout(r, 50));
  }
  throw new Error(`not within ${seconds * patience} s: ${what}; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}
/** The mean relative luminance of a screenshot, in percent of white (WCAG's formula). */
export function luminance(png) {
  const { data } = PNG.sync.read(png);
  const linear = Float64Array.from({ length: 256 }, (_, i) => { const c = i / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += 0.2126 * linear[data[i]] + 0.7152 * linear[data[i + 1]] + 0.0722 * linear[data[i + 2]];
  return 100 * sum / (data.length / 4);
}
export async function violations(page) {
  // By the debugger, not by a script element: the page's own policy would rightly refuse that.
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120) + ' ' + n.failureSummary.split('\n')[1]).join(' | ')}`);
}

const references = new URL('references/', import.meta.url);
/** Half as large and in 16 steps a colour: enough to see that a page looks another way, and small to keep. */
function coarse(png) {
  const from = PNG.sync.read(png), to = new PNG({ width: from.width >> 1, height: from.height >> 1 });
  for (let y = 0; y < to.height; ++y)
    for (let x = 0; x < to.width; ++x)
      for (let c = 0; c < 4; ++c) {
        const at = (4 * (2 * y * from.width + 2 * x)) + c, row = 4 * from.width;
        const mean = (from.data[at] + from.data[at + 4] + from.data[at + row] + from.data[at + row + 4]) / 4;
        to.data[4 * (y * to.width + x) + c] = c === 3 ? 255 : Math.min(255, 17 * Math.round(mean / 17));
      }
  return to;
}
/** What differs from the kept picture, in percent of the pixels. LULL_REMAKE_REFERENCES=1 keeps the new one instead. */
export function differs(name, png, out = process.env.LULL_SHOTS) {
  const file = new URL(name + '.png', references), is = coarse(png);
  if (out) { mkdirSync(out, { recursive: true }); writeFileSync(`${out}/${name}.png`, png); }
  if (process.env.LULL_REMAKE_REFERENCES) { writeFileSync(file, PNG.sync.write(is, { colorType: 2, deflateLevel: 9 })); return 0; }
  const was = PNG.sync.read(readFileSync(file));
  if (is.width !== was.width || Math.abs(is.height - was.height) > 0.02 * was.height) return 100;
  const height = Math.min(is.height, was.height), size = is.width * height * 4;
  return 100 * pixelmatch(is.data.subarray(0, size), was.data.subarray(0, size), undefined, is.width, height, { threshold: 0.2 }) / (is.width * height);
}
