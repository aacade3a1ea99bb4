// The first hour of a newcomer: from the one-time link to what the customers say, counting the clicks.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { admin, browse, open, ownFile, root, run, serve, settled, visit } from './lib.mjs';

let house, browser, state;
before(async () => {
  house = await serve({ demo: false });
  browser = await browse();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

test('the one-time link makes the first administrator and opens the overview', async () => {
  const page = await open(browser);
  await page.goto(house.link);
  await page.getByLabel('What people call you').fill(admin.title);
  await page.getByLabel('User name').fill(admin.name);
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.getByRole('button', { name: 'Create account and start' }).click();
  await page.getByRole('navigation').first().waitFor();
  await settled(page);
  assert.equal(new URL(page.url()).pathname, '/');
  assert.deepEqual(page.troubles, []);
  state = await page.context().storageState();
  await page.context().close();
});

test('the link works once: a second visit asks to sign in', async () => {
  const page = await open(browser);
  await page.goto(house.link);
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.context().close();
});

// Uploads file as a newcomer would and counts every click until score, pains and delights are seen.
async function insight(file, source) {
  const page = await open(browser, { state });
  await visit(page, house.base);
  const began = Date.now();
  let clicks = 0;
  const click = async (what) => {
    clicks++;
    await what.click();
  };
  await click(page.getByRole('link', { name: 'Bring data in' }).first());
  const chooser = page.waitForEvent('filechooser');
  await click(page.getByRole('button', { name: 'Choose a file' }));
  clicks += 2; // the file and "open" in the browser's own window
  await (await chooser).setFiles(file);
  await click(page.getByRole('button', { name: /^Import/ }));
  const result = page.locator('.result');
  await result.waitFor({ timeout: 120_000 });
  await page.locator('.findings.pain li').first().waitFor({ timeout: 120_000 });
  await page.locator('.findings.delight li').first().waitFor();
  const score = await result.locator('.figure').innerText();
  const seconds = (Date.now() - began) / 1000;
  // The list is drawn anew when the import says it has finished: read it whole, whenever it stands.
  const list = await page.waitForFunction(() => {
    const names = [...document.querySelectorAll('.findings.pain li b')].map((b) => b.innerText);
    return names.length > 0 ? names : null;
  });
  const shown = await list.jsonValue();
  const where = `source = '${source}'`;
  const metric = JSON.parse(run('tally', 'csat:score:rating5', '--store', house.store, '--where', where, '--json')).cells[0];
  const told = JSON.parse(run('pains', '--store', house.store, '--where', where, '--limit', '5', '--json'));
  const answer = await page.request.get(`${house.base}/api/v1/tally`, { params: { metric: 'csat:score:rating5', where } });
  assert.deepEqual((await answer.json()).cells[0], metric); // the API says what the command line says
  assert.ok(score.includes(metric.value.toFixed(1)), `${score} is not ${metric.value}`); // and so does the page
  await page.context().close();
  return { clicks, seconds, score, shown, told: told.pains.map((p) => p.title), troubles: page.troubles };
}

test('a newcomer sees score, pains and delights of a file in at most 6 clicks', async (t) => {
  const r = await insight(ownFile(house.dir, 'our-shop.csv'), 'our-shop');
  t.diagnostic(`${r.clicks} clicks, ${r.seconds.toFixed(1)} s; ${r.score.replaceAll('\n', ' ')}`);
  assert.ok(r.clicks <= 6);
  assert.match(r.score, /66\.7/); // 160 of 240 gave four stars or more
  assert.deepEqual(r.shown, r.told); // the page says what the command line says
  assert.deepEqual(r.troubles, []);
});

const clothing = join(process.env.HEED_SHARED ?? join(root, '../shared'), 'data/en/womens_clothing.csv.gz');
test('the same with 23,000 public reviews of clothing', { skip: !existsSync(clothing) && 'the file is not here' }, async (t) => {
  const r = await insight(clothing, 'womens_clothing');
  t.diagnostic(`${r.clicks} clicks, ${r.seconds.toFixed(1)} s; ${r.score.replaceAll('\n', ' ')}; ${r.shown.join(', ')}`);
  assert.ok(r.clicks <= 6);
  assert.deepEqual(r.shown, r.told);
});

test('a column that was guessed wrong is said otherwise, and the plan follows', async () => {
  const page = await open(browser, { state });
  const file = join(house.dir, 'second.csv');
  writeFileSync(file, 'note,what,mark\n1,The parcel was late.,2\n2,All was well.,9\n3,Very kind people.,10\n');
  await visit(page, `${house.base}/bring`);
  await page.locator('input[type=file]').setInputFiles(file);
  const mark = page.getByLabel('“mark” becomes');
  await mark.selectOption('score:nps');
  await page.locator('tr', { hasText: 'mark' }).getByText('as you said').waitFor();
  assert.equal(await mark.inputValue(), 'score:nps');
  await page.context().close();
});

test('signing out closes the door and signing in opens it again', async () => {
  const page = await open(browser, { state });
  await visit(page, house.base);
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.getByLabel('User name').fill(admin.name);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
  await page.context().close();
});
