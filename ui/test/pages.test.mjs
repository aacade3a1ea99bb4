// Every page in every language and at both widths: whole, translated, reachable, readable in light and dark, quick.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { asking, browse, locales, open, root, run, serve, signUp, sizes, visit } from './lib.mjs';
import { ownWords, proof } from './proof.mjs';

const FIRST_LOAD_KB = 350; // gzip, without charts

let house, browser, state, pages, own;
before(async () => {
  house = await serve();
  browser = await browse();
  state = await signUp(browser, house);
  const api = await asking(house.base, state);
  const { id } = await api.send('POST', '/dashboards', {
    name: 'Monday meeting',
    tiles: [
      { title: 'How we stand', question: 'metric=nps&by=month' },
      { title: 'Where from', question: 'metric=count&by=channel' },
      { title: 'Journey', question: 'metric=nss&by=touchpoint&and=product' },
      { title: 'In numbers', question: 'metric=nps&by=month&view=table' },
    ],
  });
  await api.close();
  const first = JSON.parse(run('tickets', '--store', house.store, '--limit', '1', '--json')).tickets[0];
  own = await ownWords(house.base, state);
  pages = {
    overview: '/',
    voices: '/voices',
    pains: '/pains',
    delights: '/pains?kind=delights',
    explore: '/explore',
    matrix: '/explore?metric=nss&by=touchpoint&and=product',
    panels: '/explore?metric=count&by=month&and=channel',
    dots: "/explore?metric=csat:score:csat&by=channel&where=occurred_at >= 2026-01-01 and channel = 'call'",
    table: '/explore?by=channel&view=table',
    why: '/why',
    'why-level': '/why?mode=level',
    drivers: '/drivers',
    funnel: '/journeys',
    'journey-map': '/journeys?view=follows&activity=touchpoint',
    'journey-paths': '/journeys?view=paths&length=all&collapse=1',
    cohorts: '/journeys?view=cohort',
    repurchase: '/journeys?view=repurchase',
    stages: '/journeys?view=stages',
    sessions: '/journeys?view=sessions&gap=7d',
    dashboards: `/dashboards?id=${id}`,
    arranging: `/dashboards?id=${id}&edit=1`,
    tickets: '/tickets',
    ticket: `/tickets?id=${first.id}`,
    goals: '/goals',
    goal: '/goals?goal=loyalty',
    'goal-plan': '/goals?goal=new&days=90',
    metrics: '/metric',
    metric: '/metric?m=csat-hotline&unit=month',
    'metric-built-in': '/metric?m=complaint-rate&by=touchpoint',
    'metric-empty': '/metric?m=csi',
    'metric-plan': '/metric?m=new',
    measures: '/measures',
    measure: '/measures?id=1',
    plan: '/measures?id=new',
    alerts: '/alerts?view=all',
    alert: '/alerts?view=all&id=1',
    watches: '/alerts?view=watches&watch=1',
    'new-watch': '/alerts?view=watches&watch=new',
    rules: '/rules',
    rule: '/rules?id=3',
    outbox: '/outbox',
    messages: '/outbox?part=messages',
    policy: '/outbox?part=policy',
    bring: '/bring',
    keys: '/bring?way=api',
    sources: '/bring?way=sources',
    people: '/settings?part=people',
    departments: '/settings?part=departments',
    'access-keys': '/settings?part=keys',
    taxonomy: '/settings?part=taxonomy',
    audit: '/settings?part=audit',
    account: '/settings?part=account',
  };
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

for (const locale of (process.env.HEED_LOCALES ?? locales.join()).split(','))
  for (const size of Object.keys(sizes))
    test(`every page is whole in ${locale} at ${sizes[size].width} px, light and dark`, async () => {
      const page = await open(browser, { state, locale, size });
      const findings = [];
      for (const [name, at] of Object.entries(pages)) {
        await visit(page, house.base + at);
        findings.push(...(await proof(page, name, { locale, size: sizes[size].width, own })));
      }
      await page.context().close();
      assert.equal(findings.join('\n'), '');
    });

test('the door is whole in every language', async () => {
  const findings = [];
  for (const locale of locales) {
    const page = await open(browser, { locale, size: 'phone' });
    await visit(page, house.base);
    findings.push(...(await proof(page, 'enter', { locale, size: 390, own })));
    await page.context().close();
  }
  assert.equal(findings.join('\n'), '');
});

test('the first load is small, and paints soon', async (t) => {
  const page = await open(browser, { state });
  const loaded = new Set();
  page.on('response', (r) => r.url().includes('/assets/') && loaded.add(new URL(r.url()).pathname.split('/').pop()));
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((l) => globalThis.longTasks.push(...l.getEntries().map((e) => e.duration))).observe({
      type: 'longtask',
      buffered: true,
    });
  });
  await visit(page, house.base);
  const assets = join(root, 'build/ui/assets');
  const charts = readdirSync(assets).filter((n) => /^echarts.*\.js$/.test(n));
  const packed = (names) => names.reduce((n, name) => n + gzipSync(readFileSync(join(assets, name))).length, 0) / 1024;
  const size = packed([...loaded].filter((n) => !charts.includes(n)));
  const told = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    long: globalThis.longTasks,
  }));
  t.diagnostic(
    `overview: first load ${size.toFixed(0)} KB gzip in ${loaded.size} files, charts ${packed(charts).toFixed(0)} KB more; ` +
      `first contentful paint ${told.paint.toFixed(0)} ms; ${told.long.length} long tasks, longest ${Math.max(0, ...told.long).toFixed(0)} ms`,
  );
  await page.context().close();
  assert.ok(charts.length > 0 && size > 0);
  assert.ok(size <= FIRST_LOAD_KB, `${size} KB`);
});

test('a page without a chart brings no charts', async () => {
  const page = await open(browser, { state });
  const loaded = [];
  page.on('response', (r) => loaded.push(r.url()));
  await visit(page, `${house.base}/tickets`);
  await page.context().close();
  assert.deepEqual(loaded.filter((u) => /echarts/.test(u)), []);
});
