// A working day: a ticket closed with three taps on a phone, handed over, a rule tried and switched on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browse, open, run, serve, settled, signUp, visit } from './lib.mjs';

let house, browser, state;
before(async () => {
  house = await serve();
  browser = await browse();
  state = await signUp(browser, house);
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const ticket = (id) => JSON.parse(run('tickets', '--store', house.store, '--where', `id = ${id}`, '--json')).tickets[0];

test('a ticket closes with an outcome in three taps on a phone', async () => {
  const page = await open(browser, { state, size: 'phone' });
  await visit(page, `${house.base}/tickets`);
  let taps = 0;
  const tap = async (what) => {
    taps++;
    await what.tap();
  };
  await tap(page.locator('.ticket-row').first());
  const id = new URL(page.url()).searchParams.get('id');
  await tap(page.getByRole('button', { name: 'Close…' }));
  await tap(page.getByRole('button', { name: 'Explained' }));
  await page.getByRole('button', { name: 'Open again' }).waitFor();
  assert.equal(taps, 3);
  assert.equal(ticket(id).state, 'closed');
  assert.equal(ticket(id).outcome, 'explained');
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test('taking a ticket makes it mine, handing it over asks somebody else', async () => {
  const page = await open(browser, { state });
  await visit(page, `${house.base}/tickets`);
  await page.locator('.ticket-row').first().click();
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.getByRole('button', { name: 'Take', exact: true }).waitFor({ state: 'detached' });
  const id = new URL(page.url()).searchParams.get('id');
  assert.equal(ticket(id).owner, 'mei');
  assert.equal(ticket(id).state, 'working');
  await page.getByRole('link', { name: 'Mine' }).click();
  await page.locator('.ticket-row').first().click();
  await page.getByRole('button', { name: 'Hand over…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Department').selectOption('customer-care');
  await dialog.getByRole('button', { name: 'Hand over' }).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(ticket(id).department, 'customer-care');
  assert.equal(ticket(id).owner, null);
  await page.context().close();
});

test('going back goes back: from a ticket to the list as it was', async () => {
  const page = await open(browser, { state, size: 'phone' });
  await visit(page, `${house.base}/tickets?view=closed`);
  await page.locator('.ticket-row').first().tap();
  await page.locator('.ticket').waitFor();
  await page.goBack();
  await page.locator('.ticket-row').first().waitFor();
  assert.equal(new URL(page.url()).search, '?view=closed');
  await page.context().close();
});

test('a rule is tried on the past while it is typed, and acts once it is saved', async () => {
  const page = await open(browser, { state });
  await visit(page, `${house.base}/rules`);
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('low-score');
  const condition = page.getByLabel('Condition');
  await condition.fill('score:nps <=');
  await page.getByText(/want a value after/).waitFor();
  assert.ok(await page.getByRole('button', { name: 'Save and switch on' }).isDisabled());
  await condition.fill('score:nps <= 3');
  await page.getByText(/Would have matched/).waitFor();
  const shown = await page.locator('.tried-count').innerText();
  const told = JSON.parse(run('rule', 'try', '--when', 'score:nps <= 3', '--store', house.store, '--json'));
  assert.ok(shown.includes(told.matches.toLocaleString('en')), shown);
  await page.getByLabel('Department').selectOption('customer-care');
  await page.getByRole('button', { name: 'Save and switch on' }).click();
  await page.getByRole('switch', { name: 'Rule low-score is on' }).waitFor();
  const kept = JSON.parse(run('rule', 'list', '--store', house.store, '--json')).rules.find((r) => r.name === 'low-score');
  assert.equal(kept.enabled, true);
  assert.deepEqual(kept.params, { department: 'customer-care', due: '2d', priority: 'normal' });
  await page.getByRole('switch', { name: 'Rule low-score is on' }).click();
  await page.getByRole('switch', { name: 'Rule low-score is on', checked: false }).waitFor();
  await page.context().close();
});

test('a key is shown once, works in the example, and is revoked', async () => {
  const page = await open(browser, { state });
  await visit(page, `${house.base}/bring?way=api`);
  await page.getByLabel('What it is for').fill('shop survey');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const token = await page.locator('.token code').innerText();
  assert.ok((await page.locator('.api-example pre').innerText()).includes(token));
  const sent = await fetch(`${house.base}/api/v1/signals`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ source: 'shop', external_id: 'o1', occurred_at: '2026-01-02T09:30:00Z', words: 'Late.' }),
  });
  assert.equal(sent.status, 200);
  await page.getByRole('button', { name: 'Revoke key “shop survey”' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.locator('.keys').getByText('No keys yet.').waitFor();
  await page.context().close();
});

test('a person is added, and sees only what the role may see', async () => {
  const page = await open(browser, { state });
  await visit(page, `${house.base}/settings`);
  await page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Called').fill('Wang Fang');
  await dialog.getByLabel('User name').fill('wang');
  await dialog.getByLabel('Department').selectOption({ index: 1 });
  await dialog.getByLabel('First password').fill('seven loud red kettles');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('@wang').waitFor();
  await page.context().close();
  const theirs = await open(browser);
  await theirs.goto(house.base);
  await theirs.getByLabel('User name').fill('wang');
  await theirs.getByLabel('Password', { exact: true }).fill('seven loud red kettles');
  await theirs.getByRole('button', { name: 'Sign in' }).click();
  await theirs.getByRole('link', { name: 'Tickets' }).first().click();
  await settled(theirs);
  assert.equal(await theirs.getByRole('link', { name: 'Bring data in' }).count(), 0);
  await theirs.goto(`${house.base}/settings`);
  await settled(theirs);
  assert.equal(await theirs.getByRole('link', { name: 'People', exact: true }).count(), 0);
  await theirs.context().close();
});
