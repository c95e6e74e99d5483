// The pictures of the pages in README and docs, from a real demo: node shots.mjs FOLDER. Small, and remade at any time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { close, open, phone, PNG, until } from './browser.mjs';
import { demo } from './demo.mjs';

const out = process.argv[2] ?? 'docs/pages';
mkdirSync(out, { recursive: true });
/** Fewer steps of each colour: nobody sees it, and the file is a third. */
function save(name, png) {
  const image = PNG.sync.read(png);
  for (let i = 0; i < image.data.length; ++i) if (i % 4 < 3) image.data[i] = Math.min(255, Math.round(image.data[i] / 5) * 5);
  writeFileSync(`${out}/${name}.png`, PNG.sync.write(image, { colorType: 2, deflateLevel: 9, filterType: -1 }));
}
let home = await demo({ speed: 20 });
try {
  const bed = await open(home.url + 'bed', { viewport: phone });
  await bed.locator('[data-do=replay][aria-disabled=false]').click();
  await bed.waitForSelector('.now:has-text("left")');
  await until('nothing is said of the touch any more', async () => !/heard|sent/.test(await bed.locator('.now').innerText()));
  await bed.locator('.stop').focus();
  save('bed', await bed.screenshot());
  const now = await open(home.url, { viewport: { width: 1100, height: 860 } });
  await now.waitForSelector('.columns');
  save('home', await now.screenshot());
  await bed.keyboard.press('Escape');
  await bed.waitForSelector('#answer:has-text("all off, proved")');
  save('bed-stopped', await bed.screenshot());
  await close();
  await home.end();
  home = await demo({ speed: 190 });
  await until('the night is over', () => home.said.includes('The page stays'), 600);
  const night = await open(home.url + 'night/2026-11-21', { viewport: { width: 1100, height: 1120 }, colorScheme: 'dark' });
  await night.waitForSelector('.night .caption');
  const box = await night.locator('.night').boundingBox();
  await night.mouse.click(box.x + box.width * 0.31, box.y + 60);
  await night.waitForSelector('h3:has-text("Decided") + *');
  await night.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  save('night', await night.screenshot());
  const rules = await open(home.url + 'rules', { viewport: { width: 1100, height: 860 } });
  await rules.waitForSelector('.score');
  await rules.locator('h2:has-text("Routines")').evaluate(h => h.scrollIntoView());
  save('rules', await rules.screenshot());
} finally {
  await close();
  await home.end();
}
