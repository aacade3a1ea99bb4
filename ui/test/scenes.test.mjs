// What opens on top of a page, in every language: panels, dialogs, plans, drawers, the tour; light and dark.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { asking, browse, locales, open, ownFile, run, serve, settled, signUp, sizes, visit } from './lib.mjs';
import { ownWords, proof } from './proof.mjs';

let house, browser, state, own, board, ticket, file;
before(async () => {
  house = await serve();
  browser = await browse();
  state = await signUp(browser, house);
  const api = await asking(house.base, state);
  const tiles = [{ title: 'How we stand', question: 'metric=nps&by=month' }];
  board = (await api.send('POST', '/dashboards', { name: 'Monday meeting', tiles })).id;
  await api.send('POST', '/keys', { name: 'Shop survey', scopes: 'signals.write' });
  await api.close();
  own = [...(await ownWords(house.base, state)), 'Shop survey', 'our-shop', 'csv'];
  ticket = JSON.parse(run('tickets', '--store', house.store, '--limit', '1', '--json')).tickets[0].id;
  file = ownFile(house.dir, 'our-shop.csv', 60);
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

const press = (page, selector) => page.locator(selector).first().click();
const dialog = (page) => page.locator('dialog[open]').waitFor();

// Each: an address, and what is done there; nothing depends on the language.
const scenes = {
  'filter-columns': ['/', async (p) => (await press(p, '.filter > .ant-btn'), await dialog(p))],
  'filter-values': [
    '/',
    async (p) => {
      await press(p, '.filter > .ant-btn');
      await press(p, '.columns button >> nth=1');
      await p.locator('.values li').first().waitFor();
    },
  ],
  'filter-range': [
    '/?where=score:nps <= 6 and channel in (\'call\', \'app\')',
    async (p) => {
      await press(p, '.filter > .ant-btn:not(.ant-btn-text)');
      await p.locator('.columns button').last().click();
      await dialog(p);
    },
  ],
  'voice-details': ['/voices', async (p) => (await press(p, '.voice .details'), await dialog(p))],
  'voices-none': ["/voices?where=words ~ 'zzzz'", async () => undefined],
  'pains-open': ['/pains', async (p) => press(p, '.unfold >> nth=2')],
  'save-to-dashboard': ['/explore', async (p) => (await press(p, '.tools .ant-btn-primary'), await p.locator('.ask form').waitFor())],
  'new-dashboard': ['/dashboards', async (p) => (await press(p, '.head .ant-btn'), await dialog(p))],
  'delete-dashboard': [() => `/dashboards?id=${board}&edit=1`, async (p) => (await press(p, '.board-edit .ant-btn-dangerous'), await dialog(p))],
  'ticket-close': [() => `/tickets?id=${ticket}`, async (p) => (await press(p, '.ticket > .deeds .ant-btn-primary'), await dialog(p))],
  'ticket-hand-over': [() => `/tickets?id=${ticket}`, async (p) => (await press(p, '.ticket > .deeds .ant-btn:last-child'), await dialog(p))],
  'rule-trial': [
    '/rules?id=new',
    async (p) => {
      await p.locator('textarea').first().fill('score:nps <= 6');
      await p.locator('.tried-count').waitFor();
      await p.locator('.tried-sample li').first().waitFor();
    },
  ],
  'rule-wrong': [
    '/rules?id=new',
    async (p) => {
      await p.locator('textarea').first().fill('score:nps <=');
      await p.locator('.rule-why:not(:empty)').waitFor();
      p.troubles.length = 0; // 400 is what the server should say
    },
  ],
  'rule-delete': ['/rules?id=2', async (p) => (await press(p, '.rule .ant-btn-dangerous'), await dialog(p))],
  'import-plan': [
    '/bring',
    async (p) => {
      await p.locator('input[type=file]').setInputFiles(file);
      await p.locator('.plan-table').waitFor();
    },
  ],
  'import-result': [
    '/bring',
    async (p) => {
      await p.locator('input[type=file]').setInputFiles(file);
      await p.locator('.plan .ant-btn-primary').first().click();
      await p.locator('.result .figure').waitFor({ timeout: 120_000 });
    },
  ],
  'key-made': [
    '/bring?way=api',
    async (p) => {
      await p.locator('.key-form input').first().fill('Shop survey');
      await press(p, '.key-form .ant-btn-primary');
      await p.locator('.token code').waitFor();
    },
  ],
  'key-revoke': ['/settings?part=keys', async (p) => (await press(p, '.table .end .ant-btn'), await dialog(p))],
  'add-person': ['/settings?part=people', async (p) => (await press(p, '.settings-top .ant-btn-primary'), await dialog(p))],
  'second-factor': [
    '/settings?part=account',
    async (p) => {
      await p.locator('.settings-stack input').first().fill('four quiet green herons');
      await press(p, '.settings-stack .ant-btn');
      await p.locator('.settings-scan').waitFor();
    },
  ],
  'audit-asked': ['/settings?part=audit&who=system&what=role&since=7', async () => undefined],
  'taxonomy-found': ['/settings?part=taxonomy&find=price', async () => undefined],
  tour: [
    '/',
    async (p) => {
      await p.evaluate(() => [...document.querySelectorAll('.choice')].find((b) => b.closest('.side'))?.click());
      await p.locator('.tour-hole:not(.none)').waitFor();
    },
  ],
  nowhere: [
    '/',
    async (p) => {
      await p.evaluate(() => {
        history.pushState(null, '', '/nowhere');
        dispatchEvent(new PopStateEvent('popstate'));
      });
    },
  ],
  'server-fails': [
    '/',
    async (p) => {
      await p.route('**/api/v1/voices*', (r) =>
        r.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500,"detail":"the disk is full"}' }),
      );
      await p.locator('.ways a[href="/voices"]').first().evaluate((a) => a.click());
      await p.locator('.refused').waitFor();
      p.troubles.length = 0; // the browser names the failed answer, as it should
      await p.unrouteAll();
    },
  ],
};

for (const locale of (process.env.HEED_LOCALES ?? locales.join()).split(','))
  for (const size of Object.keys(sizes))
    test(`all that opens is whole in ${locale} at ${sizes[size].width} px, light and dark`, async () => {
      const page = await open(browser, { state, locale, size });
      const findings = [];
      for (const [name, [at, act]] of Object.entries(scenes)) {
        await visit(page, house.base + (typeof at === 'function' ? at() : at));
        await act(page);
        await settled(page);
        findings.push(...(await proof(page, name, { locale, size: sizes[size].width, own })));
      }
      await page.context().close();
      assert.equal(findings.join('\n'), '');
    });

test('the menu of a phone is whole in every language', async () => {
  const findings = [];
  for (const locale of locales) {
    const page = await open(browser, { state, locale, size: 'phone' });
    await visit(page, house.base);
    await press(page, '.tabs button');
    await dialog(page);
    findings.push(...(await proof(page, 'menu', { locale, size: 390, own })));
    await page.context().close();
  }
  assert.equal(findings.join('\n'), '');
});
