// Each page with nothing, with too little, with a server that fails; its tables taken along; its figures opened.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { asking, browse, open, ownFile, serve, settled, signUp, visit } from './lib.mjs';

let house, empty, browser, state, nobody;
before(async () => {
  [house, empty] = await Promise.all([serve(), serve({ demo: false })]);
  browser = await browse();
  state = await signUp(browser, house);
  nobody = await signUp(browser, empty);
});
after(async () => {
  await browser?.close();
  await Promise.all([house?.stop(), empty?.stop()]);
});

const everyPage = ['/', '/voices', '/pains', '/explore', '/why', '/drivers', '/journeys', '/dashboards', '/tickets', '/rules', '/bring?way=sources'];

test('an empty house says on every page what to do, and breaks nowhere', async () => {
  const page = await open(browser, { state: nobody });
  const said = {};
  for (const at of everyPage) {
    await visit(page, empty.base + at);
    said[at] = await page.locator('main').innerText();
    assert.match(said[at], /Bring|bring|Import|No |None|Nothing|too few|Too few|New rule/, at);
  }
  assert.match(said['/dashboards'], /save it to a dashboard/);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test('a server that fails is said on every page, and asked again on a press', async () => {
  const page = await open(browser, { state });
  for (const at of everyPage) {
    let broken = true;
    await page.route(/api\/v1\/(tally|voices|pains|delights|tickets|rules|sources|columns|dashboards|imports)/, (r) =>
      broken
        ? r.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500,"title":"Our side failed","detail":"the disk is full"}' })
        : r.continue(),
    );
    await visit(page, house.base + at);
    assert.match(await page.getByRole('alert').first().innerText(), /Our side failed[^]*the disk is full/, at);
    broken = false;
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await settled(page);
    await page.unrouteAll({ behavior: 'wait' });
  }
  await page.context().close();
});

test('no answer at all is told in words', async () => {
  const page = await open(browser, { state });
  await visit(page, `${house.base}/tickets`);
  await page.route('**/api/v1/voices*', (r) => r.abort());
  await page.getByRole('link', { name: 'Voices' }).first().click();
  await page.getByText('The server cannot be reached.').waitFor();
  await page.context().close();
});

test('too few answers are no figure', async () => {
  const page = await open(browser, { state });
  const api = await asking(house.base, state);
  const { voices } = await api.get('/voices', { where: 'score:nps is not missing', limit: 3 });
  await api.close();
  const where = `occurred_at >= ${voices[2].occurred_at}`; // three answered since
  await visit(page, `${house.base}/?where=${encodeURIComponent(where)}`);
  assert.match(await page.locator('.headline .big').innerText(), /n too small/);
  await visit(page, `${house.base}/explore?metric=nps&by=none&where=${encodeURIComponent(where)}`);
  assert.match(await page.locator('.plot').innerText(), /n too small/);
  await page.context().close();
});

async function download(page, press) {
  const [got] = await Promise.all([page.waitForEvent('download'), press()]);
  return readFileSync(await got.path(), 'utf8').replace('\ufeff', '');
}

test('what a table shows can be taken along, number by number', async () => {
  const page = await open(browser, { state });
  await visit(page, `${house.base}/explore?metric=nps&by=month&view=table`);
  const shown = await page.locator('.cells tbody tr').evaluateAll((rows) => rows.map((r) => r.children[4].innerText.replace(/\D/g, '')));
  const csv = await download(page, () => page.getByRole('button', { name: 'Export CSV' }).click());
  const lines = csv.trim().split('\r\n').map((l) => l.split(','));
  const n = lines[0].indexOf('n');
  assert.deepEqual(lines.slice(1).map((l) => l[n]), shown);
  await visit(page, `${house.base}/voices?where=${encodeURIComponent("channel = 'call'")}`);
  const total = Number((await page.locator('.head .num').innerText()).replace(/\D/g, ''));
  const voices = await download(page, () => page.getByRole('link', { name: 'Export CSV' }).click());
  assert.ok(voices.split('\n').length > total, 'every voice is a line');
  await page.context().close();
});

test('rankings, people, keys and the audit can be taken along too', async () => {
  const page = await open(browser, { state });
  const save = () => download(page, () => page.getByRole('button', { name: 'Export CSV' }).click());
  const rows = (csv) => csv.trim().split('\r\n').length - 1;
  for (const kind of ['pains', 'delights']) {
    await visit(page, `${house.base}/pains?kind=${kind}`);
    assert.equal(rows(await save()), await page.locator('.ranked .unfold').count());
  }
  await visit(page, `${house.base}/settings?part=people`);
  assert.match(await save(), /^name,title,role,department,enabled\r\n[^]*mei,Mei Lin,admin,,1/);
  await visit(page, `${house.base}/settings?part=audit`);
  const all = rows(await save());
  assert.ok(all > 3, `${all} entries`);
  await page.getByLabel('On what').selectOption({ label: 'role' });
  await page.waitForURL('**what=role**');
  await settled(page);
  const roles = await save();
  assert.ok(rows(roles) > 0 && rows(roles) < all && !roles.includes(',rule,'));
  await page.getByPlaceholder('anybody').fill('nobody-of-that-name');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing of that kind is recorded.').waitFor();
  await page.context().close();
});

test('a figure opens the rows it counts: as many as it says', async () => {
  const page = await open(browser, { state });
  const total = async () => {
    await page.waitForURL('**/voices**');
    await settled(page);
    return Number((await page.locator('.head .num').innerText()).replace(/\D/g, ''));
  };
  const digits = (text) => Number(text.replace(/\D/g, ''));
  await visit(page, house.base);
  const answers = digits(await page.locator('.sure div', { hasText: 'Answers' }).locator('dd').innerText());
  await page.locator('.headline .big').click();
  assert.equal(await total(), answers);
  await visit(page, house.base);
  const row = page.locator('.plot tbody tr').first();
  const channel = digits(await row.locator('td.num').first().innerText());
  await row.getByRole('button').click();
  assert.equal(await total(), channel);
  await visit(page, `${house.base}/pains`);
  const cell = page.locator('.heat button:not(.few)').first();
  const n = digits(/n ([\d,]+)/.exec(await cell.innerText())[1]);
  await cell.click();
  assert.ok((await total()) >= n);
  await page.context().close();
});

test('the address is the question: what it shows comes back with it', async () => {
  const page = await open(browser, { state });
  await visit(page, `${house.base}/explore`);
  await page.getByLabel('Metric').selectOption('count');
  await page.getByLabel('By', { exact: true }).selectOption('channel');
  await page.getByText('Table', { exact: true }).click();
  await settled(page);
  const [asked, shown] = [page.url(), await page.locator('.cells').innerText()];
  const other = await open(browser, { state });
  await visit(other, asked);
  assert.equal(await other.locator('.cells').innerText(), shown);
  await page.goBack();
  await settled(page);
  assert.equal(await page.locator('.cells').count(), 0);
  await other.context().close();
  await page.context().close();
});

test('a question is saved to a dashboard, arranged, shared and deleted', async () => {
  const page = await open(browser, { state });
  const save = async (at, board) => {
    await visit(page, house.base + at);
    await page.getByRole('button', { name: 'Save to a dashboard' }).click();
    const form = page.getByRole('dialog').locator('form');
    if (board) await form.getByLabel('Name of the dashboard').fill(board);
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'Open the dashboard' }).waitFor();
  };
  await save('/explore?metric=nps&by=month', 'Every Monday');
  await save('/explore?metric=count&by=channel');
  await page.getByRole('link', { name: 'Open the dashboard' }).click();
  const titles = () => page.locator('.tile h2').allInnerTexts();
  await page.locator('.tile').nth(1).waitFor();
  assert.deepEqual(await titles(), ['Net promoter score by month', 'Signals by channel']);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Move “Signals by channel” forward' }).click();
  const first = page.getByLabel('Title of tile 1');
  await page.waitForFunction(() => document.querySelector('.arrange input')?.value === 'Signals by channel');
  await first.fill('Where they speak');
  await first.press('Enter');
  await page.getByRole('button', { name: 'Remove “Where they speak”' }).waitFor();
  await page.getByRole('switch').click();
  await page.waitForFunction(() => document.querySelector('.board-share button')?.getAttribute('aria-checked') === 'true');
  const api = await asking(house.base, state);
  const [board] = (await api.get('/dashboards')).dashboards.filter((b) => b.name === 'Every Monday');
  assert.deepEqual([board.shared, board.tiles.map((t) => t.title)], [true, ['Where they speak', 'Net promoter score by month']]);
  await page.getByRole('button', { name: 'Remove “Where they speak”' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.tile').length === 1);
  await page.getByRole('button', { name: 'Delete the dashboard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the dashboard' }).click();
  await page.getByText('No dashboards yet.').waitFor();
  assert.deepEqual((await api.get('/dashboards')).dashboards, []);
  await api.close();
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test('a file dropped on the page is read; what cannot be read is shown and can be taken home', async () => {
  const file = ownFile(house.dir, 'dropped.csv', 60);
  const text = readFileSync(file, 'utf8').trimEnd().replace(/^r7,[^,]*,/m, 'r7,31/31/2026,');
  writeFileSync(join(house.dir, 'dropped.csv'), `${text}\n`);
  const page = await open(browser, { state });
  await visit(page, `${house.base}/bring`);
  const data = await page.evaluateHandle((content) => {
    const carried = new DataTransfer();
    carried.items.add(new File([content], 'dropped.csv', { type: 'text/csv' }));
    return carried;
  }, `${text}\n`);
  await page.dispatchEvent('.drop', 'dragover', { dataTransfer: data });
  assert.equal(await page.locator('.drop-over').count(), 1);
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data });
  await page.getByRole('button', { name: /^Import/ }).click();
  await page.locator('.result').waitFor({ timeout: 120_000 });
  const count = (what) => page.locator('.counts div', { hasText: what }).locator('dd').innerText();
  assert.deepEqual([await count('added'), await count('rejected')], ['59', '1']);
  const rejects = await download(page, () => page.getByRole('link', { name: /Rejected rows/ }).click());
  assert.match(rejects, /r7/);
  assert.match(rejects, /31\/31\/2026/);
  await page.context().close();
});

test('the ranking of a fresh import is drawn once, by name', async () => {
  const page = await open(browser, { state });
  await page.addInitScript(() => {
    globalThis.seen = new Set();
    new MutationObserver(() => {
      const names = [...document.querySelectorAll('.findings.pain li b')].map((b) => b.innerText).join('|');
      if (names) globalThis.seen.add(names);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await visit(page, `${house.base}/bring`);
  await page.locator('input[type=file]').setInputFiles(ownFile(house.dir, 'fresh.csv', 120));
  await page.getByRole('button', { name: /^Import/ }).click();
  await page.locator('.findings.pain li').first().waitFor({ timeout: 120_000 });
  await page.waitForTimeout(2500); // longer than the progress is asked for
  const seen = await page.evaluate(() => [...globalThis.seen]);
  assert.equal(seen.length, 1, seen.join('\n'));
  await page.context().close();
});
