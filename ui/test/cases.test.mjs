// The closed loop in the browser: a detractor becomes a case, is contacted, the case is closed, the customer is
// asked again and won back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { asking, browse, open, serve, signUp, visit } from './lib.mjs';

let house, browser, state, api;
before(async () => {
  house = await serve({ demo: false });
  browser = await browse();
  state = await signUp(browser, house);
  api = await asking(house.base, state);
});
after(async () => {
  await api?.close();
  await browser?.close();
  await house?.stop();
});

const heard = (id, at, nps, words) =>
  api.send('POST', '/signals', [
    { source: 'survey', external_id: id, occurred_at: at, channel: 'survey', customer: 'member:7', words, attributes: { 'score:nps': nps } },
  ]);

test('a detractor is contacted, asked again and won back', async () => {
  await api.send('POST', '/rules', { name: 'low', condition: 'score:nps <= 2', action: 'ticket', params: { department: 'service', due: '2d' } });
  await heard('1', new Date(Date.now() - 60_000).toISOString(), 1, 'The delivery was two weeks late and nobody answered.');
  const page = await open(browser, { state });
  await visit(page, `${house.base}/tickets`);
  await page.locator('.case').waitFor();
  await page.getByPlaceholder('What was said or done').fill('Said sorry, sent a voucher.');
  await page.getByRole('button', { name: 'Called' }).click();
  await page.locator('.case-lines').getByText('Said sorry, sent a voucher.').waitFor();
  await page.getByRole('button', { name: 'Close…' }).click();
  await page.getByRole('button', { name: 'Compensated' }).click();
  await page.getByRole('button', { name: 'Open again' }).waitFor();
  const [{ id }] = (await api.get('/tickets', { limit: 1 })).tickets;
  await heard('2', new Date(Date.now() + 1000).toISOString(), 9, null);
  await visit(page, `${house.base}/tickets?id=${id}`);
  await page.getByText('Won back.').waitFor();
  const { all } = await api.get('/cases/report');
  assert.equal(all.closed, 1);
  assert.equal(all.recovered, 1);
  assert.equal(all.recovery_rate, 1);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});
