// The pages against the real program, its broker and its bedroom: every key to the device's topic and back to the pixel,
// and STOP while the program stalls, is gone and comes back, or has lost its broker.
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { close, desk, luminance, open, phone, until, violations } from './browser.mjs';
import { demo, freePort } from './demo.mjs';

let home;
afterEach(async () => { await close(); await home?.end(); home = undefined; });
after(close);

const bed = async (options = { viewport: phone, touch: true }) => {
  const page = await open(home.url + 'bed', options);
  await page.waitForSelector('[data-do=replay][aria-disabled=false]');
  return page;
};
const text = (page, selector) => page.locator(selector).innerText();
const last = list => list[list.length - 1];
async function relief(page) {
  await page.locator('[data-do=replay]').tap();
  await until('the pad is told to run', () => home.vibration.some(v => v > 0), 30);
  await until('the page shows it', async () => /left|last minute/.test(await text(page, '.now')), 30);
}

test('every key of the bedside reaches the pad, and its answer the eye', async () => {
  home = await demo();
  const page = await bed();
  await relief(page);
  await until('the ramp is over', () => Math.max(...home.vibration) >= 18, 30);
  const left = async () => Number(/(\d+) min/.exec(await text(page, '.now'))?.[1] ?? 0);
  const before = await left();
  await page.locator('[data-do=extend]').tap();
  await until('ten minutes more are shown', async () => await left() >= before + 6, 10);
  // Its wave goes on while time is inserted: what counts is the crest of a minute of the demo's, which is 3 s of ours.
  const crest = async () => {
    const from = home.vibration.length;
    await new Promise(later => setTimeout(later, 3000));
    return Math.max(last(home.vibration), ...home.vibration.slice(from));
  };
  let full = 0;
  await until('it has grown', async () => {
    const before = full;
    return (full = await crest()) === before;
  }, 40);
  await page.locator('[data-do=softer]').tap();
  let soft = full;
  await until('it is softer', async () => (soft = await crest()) < 0.95 * full && soft > 0, 30);
  await page.locator('[data-do=stronger]').tap();
  await until('it is stronger', async () => await crest() > 1.05 * soft, 30);
  await page.locator('[data-do=not_tonight]').tap();
  await until('it is not tonight', async () => (await home.state()).not_tonight, 10);
  await page.waitForSelector('[data-do=not_tonight][aria-pressed=true]');
  await page.locator('.stop').tap();
  await until('the pad is told to stop', () => last(home.vibration) === 0, 10);
  await page.waitForSelector('#answer:has-text("all off, proved")');
  const steps = await page.locator('[data-stage]').evaluateAll(all => all.map(s => [s.dataset.device, s.dataset.stage]));
  assert.deepEqual(steps.map(([d]) => d).sort(), ['foot_warmer', 'leg_massage', 'pad_warmth']);
  assert.ok(steps.every(([, s]) => s === 'word' || s === 'watts' || s === 'mains'), String(steps));
  assert.ok(luminance(await page.screenshot()) <= 1);
  assert.equal((await home.state()).stopped, true);
  await page.locator('[data-do=ask-release]').tap();
  assert.equal((await home.state()).stopped, true, 'the first touch lifts nothing');
  await page.locator('[data-do=release]').tap();
  await until('the STOP is lifted', async () => !(await home.state()).stopped, 10);
  await page.waitForSelector('[data-do=replay]');
  // The demo sets its heaters up meanwhile, so heat is looked for in the story: no routine but the gentle one began.
  assert.doesNotMatch(home.said.replaceAll('night-relief: begins', ''), /: begins, asked for by/);
  assert.deepEqual(page.told, []);
});

test('two browsers agree, and each sees the STOP of the other', async () => {
  home = await demo();
  const [a, b, c] = [await bed(), await bed(), await open(home.url, { viewport: desk })];
  await relief(a);
  for (const page of [b, c]) await until('the other shows it', async () => /night.relief|massage/i.test(await text(page, page === b ? '.now' : 'h1')), 15);
  await b.keyboard.press('Escape');
  for (const page of [a, b]) await page.waitForSelector('#answer:has-text("all off, proved")');
  await c.waitForSelector('.notice.good:has-text("all off, proved")');
  assert.equal(last(home.vibration), 0);
});

test('a STOP while the program stands still is asked, not done; and done when it goes on', async () => {
  home = await demo();
  const page = await bed();
  await relief(page);
  home.signal('SIGSTOP');
  await page.locator('.stop').tap();
  await until('it says that nobody has answered', async () => /no answer yet|still trying/.test(await text(page, '#answer')), 5);
  await new Promise(r => setTimeout(r, 3000));
  assert.match(await text(page, '#answer'), /no answer yet|still trying/);
  assert.equal(await page.locator('[data-stage=word], [data-stage=watts]').count(), 0, 'nothing is proved by an old state');
  home.signal('SIGCONT');
  await until('the pad is told to stop', () => last(home.vibration) === 0, 15);
  await page.waitForSelector('#answer:has-text("all off, proved")', { timeout: 30_000 });
});

test('a START that is long on its way begins nothing, and a STOP on the same way stops', async () => {
  home = await demo();
  let slow = 0;
  const page = await open('about:blank', { viewport: phone, touch: true });
  await page.routeWebSocket(/api\/v1\/live/, socket => {
    const server = socket.connectToServer();
    socket.onMessage(said => setTimeout(() => server.send(said), slow));
  });
  await page.goto(home.url + 'bed');
  await page.waitForSelector('[data-do=replay][aria-disabled=false]');
  slow = 6_000;
  await page.locator('[data-do=replay]').tap();
  await until('it is told to be lost', async () => (await text(page, '.now')).includes('not sent again'), 8);
  await until('Lull has refused it', () => /what is older than 4 s begins nothing/.test(home.said), 10);
  assert.deepEqual(home.vibration.filter(v => v > 0), [], 'nothing began');
  await page.locator('.stop').tap();
  await until('the STOP has arrived', async () => (await home.state()).stopped, 15);
});

test('a program that says nothing for 15 s is said to be gone', async () => {
  home = await demo();
  const page = await bed();
  home.signal('SIGSTOP');
  await page.waitForSelector('header:has-text("No link to Lull")', { timeout: 30_000 });
  assert.equal(await page.locator('[data-do=replay]').getAttribute('aria-disabled'), 'true');
  home.signal('SIGCONT');
  await page.waitForSelector('[data-do=replay][aria-disabled=false]', { timeout: 30_000 });
});

test('the program is killed: said at once, STOP is kept and comes first when it is back, a START never comes late', async () => {
  const port = await freePort();
  home = await demo({ port });
  const page = await bed();
  await relief(page);
  home.signal('SIGKILL');
  await page.waitForSelector('header:has-text("No link to Lull")', { timeout: 3_000 });
  await page.locator('[data-do=replay]').tap({ force: true });
  await page.locator('[data-do=stronger]').tap({ force: true });
  await page.locator('.stop').tap();
  await until('it keeps trying', async () => (await text(page, '#answer')).includes('still trying'), 3);
  await page.reload().catch(() => {});  // what people do; the page is gone with the program
  await home.end();
  home = await demo({ port });
  await page.goto(home.url + 'bed');
  await until('the STOP has arrived', async () => (await home.state()).stopped, 20);
  await page.waitForSelector('#answer:has-text("all off, proved")', { timeout: 20_000 });
  assert.deepEqual(home.vibration.filter(v => v > 0), [], 'nothing began');
  assert.doesNotMatch(home.said, /: begins, asked for by/);
});

test('the same without a reload: the page finds the way back by itself', async () => {
  const port = await freePort();
  home = await demo({ port });
  const page = await bed();
  home.signal('SIGKILL');
  await page.waitForSelector('header:has-text("No link to Lull")', { timeout: 3_000 });
  await page.locator('[data-do=replay]').tap({ force: true });
  await page.locator('.stop').tap();
  await home.end();
  home = await demo({ port });
  await until('the STOP has arrived', async () => (await home.state()).stopped, 20);
  await page.waitForSelector('#answer:has-text("all off, proved")', { timeout: 20_000 });
  assert.deepEqual(home.vibration.filter(v => v > 0), []);
});

test('the broker stands still, or is gone: the STOP is heard, and the pad is not said to be off before it said so', async () => {
  home = await demo();
  const page = await bed();
  await relief(page);
  process.kill(home.broker(), 'SIGSTOP');
  await page.locator('.stop').tap();
  await until('the STOP is latched', async () => (await home.state()).stopped, 10);
  for (const end = Date.now() + 4000; Date.now() < end; await new Promise(r => setTimeout(r, 200))) {
    assert.doesNotMatch(await text(page, '#answer'), /proved|by their word/);
    assert.equal(await page.locator('[data-device=leg_massage]:is([data-stage=word], [data-stage=watts])').count(), 0);
  }
  process.kill(home.broker(), 'SIGKILL');  // Lull starts its own broker anew, and the pad comes back
  await page.waitForSelector('#answer:has-text("all off, proved")', { timeout: 30_000 });
  assert.equal((await home.state()).devices.find(d => d.id === 'leg_massage').off.proved, true);
});

test('heat begins in two steps, a rule is switched off, and the night and its reasons are shown', async () => {
  home = await demo({ speed: 60 });
  const page = await open(home.url, { viewport: desk });
  await page.waitForSelector('h1');
  const row = page.locator('li:has-text("Wind down") button');
  await until('it can be begun', async () => await row.getAttribute('aria-disabled') === 'false', 20);
  await row.click();
  await page.waitForSelector('dialog[open]');
  assert.equal((await home.state()).plays.length, 0);
  await page.locator('[data-do=warm]').click();
  await until('it plays', async () => (await home.state()).plays.some(p => p.routine === 'wind-down'), 15);
  await page.waitForSelector('h1:has-text("Wind down")');
  assert.deepEqual(await violations(page), []);

  await page.goto(home.url + 'rules');
  for (const [card, rests] of [['[data-rule="Bedtime"]', s => !s.rules.find(r => r.name === 'Bedtime').on_tonight],
                               ['[data-routine="night-relief"]', s => !s.routines.find(r => r.id === 'night-relief').on_tonight]]) {
    await page.locator(`${card} button:has-text("Off for tonight")`).click();
    await until('it rests', async () => rests(await home.state()), 10);
    await page.waitForSelector(`${card} .state:text-is("off tonight")`);
    await page.locator(`${card} button:has-text("On again")`).click();
    await until('it is back', async () => !rests(await home.state()), 10);
  }
  await page.locator('[data-rule="Restless at night"] button:has-text("Off for good")').click();
  await until('the rule is off', async () => (await home.state()).rules.find(r => r.name === 'Restless at night').on === false, 10);
  await page.waitForSelector('[data-rule="Restless at night"] .state:text-is("off")');
  assert.ok(await page.locator('.score path').count() >= 4, 'scores are drawn');
  assert.deepEqual(await violations(page), []);

  await page.goto(home.url + 'night/');
  await page.waitForSelector('.night .caption');
  await page.locator('.night').focus();
  await page.keyboard.press('End');
  await page.waitForSelector('text=rule Restless at night', { timeout: 30_000 });
  for (const [file, begins] of [['picture.png', '\x89PNG'], ['picture.svg', '<svg'], ['data.csv', 'night,']]) {
    const answer = await page.request.get(`${home.url}api/v1/nights/2026-11-21/${file}`);
    assert.equal(answer.status(), 200, file);
    assert.ok((await answer.body()).toString('latin1').includes(begins), file);
  }
  assert.deepEqual(await violations(page), []);
  await page.goto(home.url + 'trends');
  await page.waitForSelector('.plot[data-drawn]');
  assert.deepEqual(page.told, []);
  assert.deepEqual(page.asked.filter(u => !u.startsWith(home.url)), []);
});

test('on a German page nothing is said in English, on any page, after a night', async () => {
  home = await demo({ speed: 400 });
  await until('it is deep in the night', async () => (await home.state()).at > '2026-11-22T03:00', 120);
  const state = await home.state();
  // What the household itself has named may be in whatever language it likes.
  const theirs = [...state.rules.map(r => r.name), ...state.routines.flatMap(r => [r.id, r.name]), ...state.devices.map(d => d.name), 'warming the bed']
    .sort((a, b) => b.length - a.length).map(n => n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const english = /\b(the|is|it|of|and|not|for|when|after|by|asked|has|that|with|are|nothing|needed|used|left|until|from|switched|heard|movements|minutes)\b/;
  const page = await open('about:blank', { viewport: desk, locale: 'de-DE' });
  const look = async what => {
    const lines = (await page.locator('body').innerText()).replace(new RegExp(theirs.join('|'), 'gi'), '').split('\n');
    assert.deepEqual(lines.filter(l => english.test(l)), [], what);
    assert.ok(lines.length > 5, what);
  };
  for (const path of ['', 'bed', 'rules', 'trends', 'night/2026-11-21']) {
    await page.goto(home.url + path);
    await page.waitForSelector(path === 'bed' ? '[data-do=replay]' : 'h1');
    if (path.startsWith('night')) {
      await page.waitForSelector('.night .caption');
      for (const details of await page.locator('details').all()) await details.evaluate(d => { d.open = true; });
      await page.locator('.night').focus();
      for (const key of ['Home', 'PageUp', 'PageUp', 'PageUp', 'PageUp', 'PageUp', 'End']) {
        await page.keyboard.press(key);
        await page.waitForSelector('ul.why.rows', { state: 'attached', timeout: 30_000 });  // its answer, whatever it is
        for (const details of await page.locator('details').all()) await details.evaluate(d => { d.open = true; });
        await look(`${path} ${key}`);
      }
    }
    if (path.startsWith('night')) {
      const svg = await (await page.request.get(await page.locator('a[download$=".svg"]').getAttribute('href'))).text();
      assert.match(svg, /Die Nacht vom Samstag, 21. November 2026/, 'the picture to download is German, too');
    }
    if (path === 'rules') {
      await page.locator('button.main').click();
      await page.waitForSelector('table', { timeout: 60_000 });
    }
    await look('/' + path);
  }
  // A refusal, at the bedside.
  await page.goto(home.url + 'bed');
  await page.locator('.stop').click();
  await page.waitForSelector('[data-do=ask-release]');
  await look('/bed, stopped');
});

test('what the program serves is what was built, and small', async t => {
  home = await demo();
  if (home.bare) return t.skip('built without its pages');
  for (const name of ['', 'bed', 'night/', 'rules', 'trends']) {
    const page = await open('about:blank');
    let first = 0, later = 0;  // what is needed before there is something to read, and what a picture or a plot needs
    page.on('response', r => {
      if (r.url().includes('/api/v1/')) return;
      const size = Number(r.headers()['content-length'] ?? 1e9);
      assert.equal(r.headers()['content-encoding'], 'gzip', r.url());
      if (/assets\/(picture|plot)-/.test(r.url())) later += size; else first += size;
    });
    await page.goto(home.url + name);
    await page.waitForSelector('h1, .stop');
    await page.waitForTimeout(500);
    console.log(`/${name}: ${(first / 1024).toFixed(1)} KB, then ${(later / 1024).toFixed(1)} KB`);
    assert.ok(first <= 25 * 1024, `${name}: ${first}`);
    await page.context().close();
  }
});
