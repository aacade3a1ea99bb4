// Without a mouse: every control is reached and seen, dialogs give the focus back, nothing holds it for good.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, open, serve, settled, signUp, visit } from './lib.mjs';

let house, browser, state;
before(async () => {
  house = await serve({ signals: 1500 });
  browser = await browse();
  state = await signUp(browser, house);
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const focused = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

test('everything on a page is reached by the Tab key, in the order it is read, and seen when it is', async () => {
  const page = await open(browser, { state });
  const missed = [];
  for (const at of ['/', '/explore', '/tickets', '/rules?id=2', '/bring', '/settings?part=people']) {
    await visit(page, house.base + at);
    const want = await page.evaluate(() => {
      const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((e) => {
        const one = e.type !== 'radio' || e.checked; // of a group of radio buttons one is a stop
        return one && !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true });
      });
      all.forEach((e, i) => (e.dataset.stop = String(i)));
      return all.length;
    });
    const seen = [];
    for (let i = 0; i < want + 4 && new Set(seen).size < want; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const e = document.activeElement;
        const shown = [e, e?.closest('label, .ant-input-affix-wrapper')].filter(Boolean).map((x) => getComputedStyle(x));
        return { id: e?.dataset.stop ?? null, ring: shown.some((s) => s.outlineStyle !== 'none' || s.boxShadow !== 'none') };
      });
      if (stop.id !== null) seen.push(Number(stop.id));
      if (stop.id !== null && !stop.ring) missed.push(`${at}: stop ${stop.id} has no focus ring`);
    }
    if (new Set(seen).size < want) missed.push(`${at}: ${want - new Set(seen).size} of ${want} not reached`);
    const first = seen.slice(0, want);
    if (first.some((id, i) => i > 0 && id < first[i - 1])) missed.push(`${at}: out of order`);
  }
  await page.context().close();
  assert.deepEqual(missed, []);
});

test('the first Tab leads past the menu, to what the page is about', async () => {
  const page = await open(browser, { state });
  await visit(page, `${house.base}/voices`);
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Skip to content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('main') !== null), true);
  await page.context().close();
});

test('a dialog takes the focus, keeps it, ends on Escape and gives it back', async () => {
  const page = await open(browser, { state });
  const dialogs = [
    ['/', 'Add filter'],
    ['/voices', 'Details'],
    ['/explore', 'Save to a dashboard'],
    ['/dashboards', 'New dashboard'],
    ['/tickets', 'Close…'],
    ['/tickets', 'Hand over…'],
    ['/rules?id=2', 'Delete'],
    ['/settings?part=people', 'Add a person'],
  ];
  const wrong = [];
  for (const [at, name] of dialogs) {
    await visit(page, house.base + at);
    const opener = page.getByRole('button', { name }).first();
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const out = await page.evaluate(() => document.activeElement !== document.body && !document.activeElement.closest('dialog[open]'));
      if (out) wrong.push(`${name}: the focus left the dialog`);
    }
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' }).catch(() => wrong.push(`${name}: Escape did not close it`));
    if (!(await opener.evaluate((e) => e === document.activeElement))) wrong.push(`${name}: the focus was not given back`);
  }
  await page.context().close();
  assert.deepEqual(wrong, []);
});

test('the tour goes over six pages by the arrow keys, ends on Escape, and begins again from the menu', async () => {
  const page = await open(browser, { state });
  await visit(page, house.base);
  await page.getByRole('button', { name: 'Show me' }).focus();
  await page.keyboard.press('Enter');
  const trip = [];
  for (let i = 1; i <= 6; i++) {
    await page.getByText(`Step ${i} of 6`).waitFor();
    await page.locator('.tour-hole:not(.none)').waitFor();
    trip.push(new URL(page.url()).pathname);
    if (i < 6) await page.keyboard.press('ArrowRight');
  }
  assert.deepEqual(trip, ['/', '/pains', '/voices', '/explore', '/tickets', '/bring']);
  await page.keyboard.press('ArrowLeft');
  await page.getByText('Step 5 of 6').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog.tour').waitFor({ state: 'detached' });
  await visit(page, house.base);
  assert.equal(await page.getByRole('button', { name: 'Show me' }).count(), 0); // offered once
  await page.getByRole('button', { name: 'Guided tour' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Step 1 of 6').waitFor();
  await page.getByRole('button', { name: 'End the tour' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('dialog.tour').waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Guided tour');
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test('a score is chosen by the arrow keys, a filter built and taken away by keys alone', async () => {
  const page = await open(browser, { state });
  await visit(page, house.base);
  await page.locator('.score-card input[type=radio]:checked').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL('**score=**');
  await settled(page);
  await page.getByRole('button', { name: 'Add filter' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Channel', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.locator('.values input').first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.waitForURL('**where=channel**');
  await settled(page);
  await page.getByRole('button', { name: /^Remove filter: Channel/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => !location.search.includes('where='));
  await page.context().close();
});
