// One's own way in: the password, the second factor, the lock after too many failures; and somebody quicker.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { admin, asking, browse, open, run, serve, signUp, visit } from './lib.mjs';

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

// RFC 6238 with SHA-1, 30 s and 6 digits, of a secret in base 32.
function codeOf(secret, at = Date.now()) {
  const bits = [...secret.replace(/[\s=]/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const turn = Buffer.alloc(8);
  turn.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(turn).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function addPerson(name, password) {
  const api = await asking(house.base, state);
  await api.send('POST', '/users', { name, title: name, role: 'manager', password });
  await api.close();
}

async function signIn(page, name, password) {
  await page.goto(house.base);
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a second factor is switched on, asked for, and a wrong code is refused', async () => {
  await addPerson('anna', 'nine slow blue trains');
  const page = await open(browser);
  await signIn(page, 'anna', 'nine slow blue trains');
  await page.getByRole('link', { name: 'Settings' }).first().click();
  await page.getByRole('link', { name: 'My account' }).click();
  const second = page.locator('section', { hasText: 'Second factor' }).last();
  await second.getByLabel('Present password').fill('nine slow blue trains');
  await second.getByRole('button', { name: 'Switch on' }).click();
  const secret = (await second.locator('.settings-scan code').innerText()).trim();
  await second.getByLabel('6-digit code').fill(codeOf(secret));
  await second.getByRole('button', { name: 'Confirm' }).click();
  const codes = second.locator('.settings-codes code');
  await codes.first().waitFor();
  const recovery = await codes.first().innerText();
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await signIn(page, 'anna', 'nine slow blue trains');
  const code = page.getByLabel('6-digit code from your authenticator');
  await code.fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('That code is wrong or too old').waitFor();
  await code.fill(recovery);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
  await page.context().close();
});

test('a password is changed, and the old one opens no more', async () => {
  await addPerson('bert', 'two tall yellow pears');
  const page = await open(browser);
  await signIn(page, 'bert', 'two tall yellow pears');
  await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
  await page.goto(`${house.base}/settings?part=account`);
  const form = page.locator('form', { has: page.getByRole('heading', { name: 'Change password' }) });
  await form.getByLabel('Present password').fill('not this one, surely');
  await form.getByLabel('New password').fill('six quick silver fish');
  await form.getByRole('button', { name: 'Change password' }).click();
  await form.getByText('That is not your present password.').waitFor();
  await form.getByLabel('Present password').fill('two tall yellow pears');
  await form.getByRole('button', { name: 'Change password' }).click();
  await form.getByText('Changed; you are signed out everywhere else.').waitFor();
  await page.context().close();
  const again = await open(browser);
  await signIn(again, 'bert', 'two tall yellow pears');
  await again.getByText('do not fit together').waitFor();
  await again.getByLabel('Password', { exact: true }).fill('six quick silver fish');
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.getByRole('button', { name: 'Sign out' }).first().waitFor();
  await again.context().close();
});

test('what somebody else changed meanwhile is not overwritten: a sentence says so, and the newest is shown', async () => {
  const id = JSON.parse(run('tickets', '--store', house.store, '--limit', '1', '--json')).tickets[0].id;
  const page = await open(browser, { state });
  await visit(page, `${house.base}/tickets?id=${id}`);
  const api = await asking(house.base, state);
  await api.send('PATCH', `/tickets/${id}`, { note: 'The colleague called already.' });
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.getByText('Somebody changed this meanwhile.').waitFor();
  await page.getByText('The colleague called already.').waitFor();
  assert.equal((await api.get(`/tickets/${id}`)).owner, null);
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.getByRole('button', { name: 'Take', exact: true }).waitFor({ state: 'detached' });
  assert.equal((await api.get(`/tickets/${id}`)).owner, admin.name);

  const rule = (await api.get('/rules')).rules[0];
  await visit(page, `${house.base}/rules`);
  await api.send('PATCH', `/rules/${rule.id}`, { condition: "intent = 'safety'" });
  await page.getByRole('switch').first().click();
  await page.getByText('Somebody changed this meanwhile.').waitFor();
  await page.getByText('Intent: safety').first().waitFor();
  assert.equal((await api.get(`/rules/${rule.id}`)).enabled, rule.enabled);
  await api.close();
  await page.context().close();
});

// Last: it locks the address of this test out of the house.
test('after five failures the door stays shut for a while, and says for how long', async () => {
  const page = await open(browser);
  await page.goto(house.base);
  await page.getByLabel('User name').fill('nobody-here');
  const said = page.getByText(/locked for now. Try again in \d+ seconds/);
  for (let i = 0; i < 12 && (await said.count()) === 0; i++) {
    await page.getByLabel('Password', { exact: true }).fill(`a wrong one, number ${i}`);
    const answer = page.waitForResponse((r) => r.url().endsWith('/session') && r.request().method() === 'POST');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await answer;
  }
  await said.waitFor();
  await page.context().close();
});
