// Every page in every language and at both widths: whole, translated, reachable, readable, quick.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { browse, locales, open, root, run, serve, shots, signUp, sizes, visit } from './lib.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FIRST_LOAD_KB = 350; // gzip, without charts

let house, browser, state, pages, data;
before(async () => {
  house = await serve();
  browser = await browse();
  state = await signUp(browser, house);
  const first = JSON.parse(run('tickets', '--store', house.store, '--limit', '1', '--json')).tickets[0];
  data = await dataOf(house.base, state);
  pages = {
    overview: '/',
    voices: '/voices',
    pains: '/pains',
    explore: '/explore',
    dashboards: '/dashboards',
    tickets: '/tickets',
    ticket: `/tickets?id=${first.id}`,
    measures: '/measures',
    measure: '/measures?id=1',
    plan: '/measures?id=new',
    rules: '/rules',
    rule: '/rules?id=1',
    bring: '/bring',
    keys: '/bring?way=api',
    sources: '/bring?way=sources',
    people: '/settings?part=people',
    departments: '/settings?part=departments',
    taxonomy: '/settings?part=taxonomy',
    audit: '/settings?part=audit',
    account: '/settings?part=account',
  };
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

// Every name the company and its customers gave: columns, values, rules, departments, people.  Longest first.
async function dataOf(base, cookies) {
  const context = await browser.newContext({ storageState: cookies });
  const get = async (at, query = {}) => (await context.request.get(`${base}/api/v1${at}`, { params: query })).json();
  const { columns } = await get('/columns');
  const names = new Set(columns.map((c) => c.name));
  for (const c of columns.filter((x) => x.kind === 'text' || x.kind === 'set'))
    for (const v of (await get('/values', { column: c.name, limit: 200 })).values ?? []) names.add(String(v.value));
  for (const r of (await get('/rules')).rules) names.add(r.name);
  for (const m of (await get('/measures')).measures) [m.name, m.hypothesis, m.owner].forEach((n) => n && names.add(n));
  for (const d of (await get('/departments')).departments) [d.name, d.title].forEach((n) => n && names.add(n));
  for (const u of (await get('/users')).users) [u.name, u.title].forEach((n) => n && names.add(n));
  await context.close();
  return [...names].filter((n) => /[A-Za-z\u3400-\u9fff]{2,}/.test(n)).sort((a, b) => b.length - a.length);
}

// Serious and critical findings, one line each.
async function barriers(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations),
  );
  return found
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

// What is on the page in a language that is not the reader's.  Words of the customers and of the company are
// marked translate="no"; names that stay as they are stand in `same`.
async function foreign(page, locale) {
  return page.evaluate(([l, given]) => {
    const own = new RegExp(given.map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
    const bare = (t) => t.replace(own, ' ').replace(/\b[0-9a-f]{16}\b|\bv\d+\b/g, ' ').replace(same, ' ');
    const same =
      /\b(Heed|API|CSV|TSV|Excel|XLSX|JSON|Lines|JSONL|gzip|NPS|CSAT|CES|NSS|CSI|n|English|ID|curl|JavaScript|Segment|late-parcel|logistics|mei|score|nps|and|words|UTC|GMT|AM|PM|p|z|TOTP|kWh|PNG|SVG)\b/g;
    // Characters that only the other script has, of those frequent in pages like ours.
    const onlyCn = /[设读选条规则么说导关评论声导录认为们这时间数据评总览资标签检让给实现应别样权]/;
    const onlyTw = /[設讀選條規則麼說導關評論聲錄認為們這時間數據總覽資標籤檢讓給實現應別樣權]/;
    const wrong = {
      'zh-CN': (t) => /[A-Za-z]{2,}/.test(bare(t)) || (onlyTw.test(t) && !onlyCn.test(t)),
      'zh-TW': (t) => /[A-Za-z]{2,}/.test(bare(t)) || (onlyCn.test(t) && !onlyTw.test(t)),
      en: (t) => /[\u3400-\u9fff]/.test(t.replace(own, ' ')),
    }[l];
    const kept = (e) => e?.closest('[translate="no"], script, style, .choice option, pre, code, .anticon, .person');
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode.data.trim();
      if (text && !kept(walk.currentNode.parentElement) && wrong(text)) found.push(text);
    }
    for (const e of document.querySelectorAll('[aria-label], [placeholder], [title]'))
      for (const name of ['aria-label', 'placeholder', 'title']) {
        const text = e.getAttribute(name);
        if (text && !kept(e) && wrong(text.replace(/[“「].*?[”」]/g, ''))) found.push(`${name}: ${text}`);
      }
    if (wrong(document.title)) found.push(`title: ${document.title}`);
    return [...new Set(found)];
  }, [locale, data]);
}

async function proof(page, name, locale) {
  const findings = [];
  const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (width > 0) findings.push(`${name} scrolls sideways by ${width} px`);
  findings.push(...(await barriers(page)).map((b) => `${name}: axe ${b}`));
  findings.push(...(await foreign(page, locale)).map((t) => `${name}: not in ${locale}: ${t}`));
  findings.push(...page.troubles.map((t) => `${name}: console: ${t}`));
  page.troubles.length = 0;
  return findings;
}

for (const locale of (process.env.HEED_LOCALES ?? locales.join()).split(","))
  for (const size of Object.keys(sizes))
    test(`every page is whole in ${locale} at ${sizes[size].width} px`, async () => {
      const page = await open(browser, { state, locale, size });
      const findings = [];
      for (const [name, at] of Object.entries(pages)) {
        await visit(page, house.base + at);
        await page.screenshot({ path: join(shots, `${name}.${locale}.${sizes[size].width}.png`) });
        findings.push(...(await proof(page, name, locale)));
      }
      await page.context().close();
      assert.deepEqual(findings, []);
    });

test('every page is readable in the dark', async () => {
  const page = await open(browser, { state, dark: true });
  const findings = [];
  for (const [name, at] of Object.entries(pages)) {
    await visit(page, house.base + at);
    await page.screenshot({ path: join(shots, `${name}.dark.png`) });
    findings.push(...(await barriers(page)).map((b) => `${name}: ${b}`));
  }
  await page.context().close();
  assert.deepEqual(findings, []);
});

test('the door is whole in every language', async () => {
  const findings = [];
  for (const locale of locales) {
    const page = await open(browser, { locale, size: 'phone' });
    await visit(page, house.base);
    await page.screenshot({ path: join(shots, `enter.${locale}.390.png`) });
    findings.push(...(await proof(page, 'enter', locale)));
    await page.context().close();
  }
  assert.deepEqual(findings, []);
});

test('everything on a page is reached by the Tab key, and seen when it is', async () => {
  const page = await open(browser, { state });
  const missed = [];
  for (const at of ['/tickets', '/rules?id=1', '/bring', '/settings?part=people']) {
    await visit(page, house.base + at);
    const want = await page.evaluate(() => {
      const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter(
        (e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }),
      );
      all.forEach((e, i) => (e.dataset.stop = String(i)));
      return all.length;
    });
    const seen = new Set();
    for (let i = 0; i < want + 10; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const e = document.activeElement;
        const style = e && getComputedStyle(e);
        const ring = style && (style.outlineStyle !== 'none' || style.boxShadow !== 'none' || e.closest('.ant-input-affix-wrapper'));
        return { id: e?.dataset.stop ?? null, ring: !!ring };
      });
      if (stop.id !== null) seen.add(stop.id);
      if (stop.id !== null && !stop.ring) missed.push(`${at}: stop ${stop.id} has no focus ring`);
    }
    if (seen.size < want) missed.push(`${at}: ${want - seen.size} of ${want} not reached`);
  }
  await page.context().close();
  assert.deepEqual(missed, []);
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
  await visit(page, `${house.base}/tickets`);
  const assets = join(root, 'build/ui/assets');
  const size = [...loaded].reduce((n, name) => n + gzipSync(readFileSync(join(assets, name))).length, 0) / 1024;
  const told = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    long: globalThis.longTasks,
  }));
  const charts = readdirSync(assets).filter((n) => /^echarts.*\.js$/.test(n));
  t.diagnostic(
    `first load ${size.toFixed(0)} KB gzip in ${loaded.size} files; first contentful paint ${told.paint.toFixed(0)} ms; ` +
      `${told.long.length} long tasks, longest ${Math.max(0, ...told.long).toFixed(0)} ms`,
  );
  await page.context().close();
  assert.ok(existsSync(assets));
  assert.ok(size <= FIRST_LOAD_KB, `${size} KB`);
  assert.ok(charts.every((n) => !loaded.has(n)), 'charts came with the first load');
});
