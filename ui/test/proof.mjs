// What every page and every dialog must be: whole, in the reader's language, without barriers, in light and dark.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { browser, shots } from './lib.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Columns whose values are words of the company and its customers; all other values are ours to translate.
const OWN_COLUMNS = ['source', 'product', 'customer', 'city', 'region', 'station', 'shop', 'agent', 'team', 'order_id', 'app_version'];

// The words that are the company's own: what it sells and where, its rules, departments, people, boards, keys.
export async function ownWords(base, state) {
  const context = await browser().newContext({ storageState: state });
  const get = async (at, query = {}) => (await context.request.get(`${base}/api/v1${at}`, { params: query })).json();
  const own = new Set();
  for (const column of OWN_COLUMNS)
    for (const v of (await get('/values', { column, limit: 500 })).values ?? []) own.add(String(v.value));
  for (const [at, list] of [['/rules', 'rules'], ['/departments', 'departments'], ['/users', 'users'], ['/dashboards', 'dashboards'], ['/measures', 'measures'], ['/alerts', 'alerts']])
    for (const one of (await get(at))[list] ?? []) {
      [one.name, one.title, one.hypothesis, one.owner].forEach((n) => n && own.add(n));
      for (const part of one.title?.split(' · ') ?? []) own.add(part);
      for (const t of one.tiles ?? []) own.add(t.title);
      for (const part of one.note?.split(' · ') ?? []) own.add(part);
    }
  for (const { watch } of (await get('/watches')).watches ?? []) for (const part of [watch.name, ...watch.name.split(' · ')]) own.add(part);
  await context.close();
  return [...own].filter((n) => /[A-Za-z\u3400-\u9fff]{2,}/.test(n)).sort((a, b) => b.length - a.length);
}

// Serious and critical findings, one line each; in the dark only what the dark can change.
export async function barriers(page, dark = false) {
  await page.evaluate(axe);
  const found = await page.evaluate(
    (only) =>
      globalThis.axe
        .run(document, { resultTypes: ['violations'], ...(only ? { runOnly: ['color-contrast'] } : {}) })
        .then((r) => r.violations),
    dark,
  );
  return found
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `axe${dark ? ' in the dark' : ''} ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

// What is said in a language that is not the reader's: texts, labels, hints and titles.  What customers and the
// company say is marked translate="no" or stands in `own`; names of things that have no other stand in `same`.
export function foreign(page, locale, own) {
  return page.evaluate(
    ([l, given]) => {
      const escaped = given.map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      const theirs = new RegExp(`(?<![A-Za-z])(?:${escaped.join('|')})(?![A-Za-z])`, 'g');
      const same =
        /\b(Heed|API|CSV|TSV|Excel|XLSX|JSON|Lines|JSONL|gzip|NPS|CSAT|CES|NSS|ROX|XmR|EWMA|CUSUM|PDF|LMG|Johnson|R²|Webhook|WeCom|DingTalk|Feishu|Slack|Microsoft Teams|English|ID|curl|JavaScript|Segment|kWh|AM|PM|UTC|iOS|Android|TWD|CNY|HKD)\b|\b[0-9a-f]{16}\b/g;
      const bare = (t) => t.replace(/[“「].*?[”」]/g, ' ').replace(theirs, ' ').replace(same, ' '); // “…” quotes somebody
      // Characters that only the other script has, of those frequent in pages like ours.
      const onlyCn = /[设读选条规则么说导关评论声录认为们这时间数据总览资标签检让给实现应样权块]/;
      const onlyTw = /[設讀選條規則麼說導關評論聲錄認為們這時間數據總覽資標籤檢讓給實現應樣權塊]/;
      const wrong = {
        'zh-CN': (t) => /[A-Za-z]{2,}/.test(bare(t)) || (onlyTw.test(bare(t)) && !onlyCn.test(t)),
        'zh-TW': (t) => /[A-Za-z]{2,}/.test(bare(t)) || (onlyCn.test(bare(t)) && !onlyTw.test(t)),
        en: (t) => /[\u3400-\u9fff]/.test(bare(t)),
      }[l];
      const kept = (e) => e?.closest('[translate="no"], script, style, .choice option, pre, code');
      const found = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const text = walk.currentNode.data.trim();
        if (text && !kept(walk.currentNode.parentElement) && wrong(text)) found.push(text);
      }
      for (const e of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
        for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
          const text = e.getAttribute(name);
          if (text && !kept(e) && wrong(text)) found.push(`${name}: ${text}`);
        }
      if (wrong(document.title)) found.push(`title: ${document.title}`);
      return [...new Set(found)];
    },
    [locale, own],
  );
}

async function turnLight(page) {
  const was = await page.evaluate(() => document.documentElement.style.colorScheme);
  await page.evaluate(() => document.querySelector('.choices button').click());
  await page.waitForFunction((before) => document.documentElement.style.colorScheme !== before, was);
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await page.evaluate(() => document.getAnimations().forEach((a) => a.effect?.getComputedTiming().endTime === Infinity || a.finish()));
}

// Everything at once, with a picture; findings name the scene.
export async function proof(page, name, { locale, size, own }) {
  const findings = [];
  const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (width > 0) findings.push(`scrolls sideways by ${width} px`);
  await page.screenshot({ path: join(shots, `${name}.${locale}.${size}.png`) });
  findings.push(...(await barriers(page)));
  findings.push(...(await foreign(page, locale, own)).map((t) => `not in ${locale}: ${t}`));
  await turnLight(page);
  findings.push(...(await barriers(page, true)));
  if (locale === 'en') await page.screenshot({ path: join(shots, `${name}.dark.${size}.png`) });
  await turnLight(page);
  findings.push(...page.troubles.map((t) => `console: ${t}`));
  page.troubles.length = 0;
  return findings.map((f) => `${name}: ${f}`);
}
