// What the pages decide without a browser: expressions, intervals, marks, axes, CSV.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(ui, '../build/ui-units');

async function load(file) {
  mkdirSync(out, { recursive: true });
  const outfile = join(out, `${file.replaceAll('/', '_')}.mjs`);
  await build({
    entryPoints: [join(ui, 'src', file)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return import(pathToFileURL(outfile).href);
}

const where = await load('lib/where.ts');
const stats = await load('lib/stats.ts');
const { pieces } = await load('lib/pieces.ts');

test('an expression made by clicks parses back to the same clicks', () => {
  const all = [
    { kind: 'in', column: 'channel', values: ["it's", 'b, c', 'and (x)'], not: false },
    { kind: 'in', column: 'Customer Type', values: ['new'], not: true },
    { kind: 'compare', column: 'score:nps', op: '<=', value: '6' },
    { kind: 'compare', column: 'occurred_at', op: '>=', value: '2026-01-01' },
    { kind: 'has', column: 'words', text: "won't and can't" },
    { kind: 'missing', column: '城市', not: true },
  ];
  assert.deepEqual(where.parseWhere(where.printWhere(all)), all);
  for (const one of all) assert.deepEqual(where.parseWhere(where.printWhere([one])), [one]);
});

test('what is more than clicks stays as it was typed', () => {
  const typed = "channel = 'app' or score:nps <= 6";
  assert.deepEqual(where.parseWhere(typed), [{ kind: 'raw', text: typed }]);
  assert.equal(where.both(typed, "lang = 'en'"), `(${typed}) and lang = 'en'`);
  assert.equal(where.both('', '  '), '');
  const nested = "(a = 'x' or b = 'y') and c = 'z'";
  assert.equal(where.printWhere(where.parseWhere(nested)), nested);
  assert.equal(where.parseWhere(nested).length, 2);
});

test('a cell of the tally becomes the days and values it counted', () => {
  assert.equal(
    where.cellWhere({ 'month(occurred_at)': '2026-12', channel: "o'k" }),
    "occurred_at >= 2026-12-01 and occurred_at < 2027-01-01 and channel = 'o''k'",
  );
  assert.deepEqual(where.span('week', '2026-12-28'), ['2026-12-28', '2027-01-04']);
  assert.deepEqual(where.span('quarter', '2026-Q4'), ['2026-10-01', '2027-01-01']);
  assert.deepEqual(where.span('year', '2026'), ['2026-01-01', '2027-01-01']);
  assert.equal(where.cellWhere({ product: null }), 'product is missing');
});

test('a metric names the column its answers stand in', () => {
  assert.equal(where.answered('nps:score:nps'), 'score:nps is not missing');
  assert.equal(where.answered('csat:score:rating5:5'), 'score:rating5 is not missing');
  assert.equal(where.answered('share:intent=complaint'), 'intent is not missing');
  assert.equal(where.answered('count'), '');
});

test("a share has Wilson's interval, a difference of two Newcombe's", () => {
  // Newcombe 1998 (Stat Med 17:873), table II (a): 56/70 - 48/80, method 10
  const d = stats.difference(stats.share(56, 70), stats.share(48, 80));
  assert.ok(Math.abs(d.value - 20) < 1e-9);
  assert.ok(Math.abs(d.low - 5.24) < 0.01, String(d.low));
  assert.ok(Math.abs(d.high - 33.39) < 0.01, String(d.high));
  assert.equal(d.clear, true);
  assert.equal(stats.difference(stats.share(0, 0), stats.share(1, 2)), null);
});

test('marks are cut by characters, not by UTF-16, and none of the text is lost', () => {
  const words = '😭 太贵了, truly';
  const got = pieces(words, [
    { aspect: 'a', polarity: 'negative', strength: 50, opinion: null, start: 2, end: 5 },
    { aspect: 'b', polarity: 'negative', strength: 20, opinion: null, start: 4, end: 99 },
  ]);
  assert.equal(got.map((p) => p.text).join(''), words);
  assert.equal(got[1].text, '太贵');
  assert.deepEqual(got.map((p) => p.mentions.length), [0, 1, 2, 1]);
});

test('a change is told only when it is clear, and a table is no formula', async () => {
  const overview = await load('pages/overview/ctrl.ts');
  const tally = await load('lib/tally.ts');
  const total = (signals) => ({ cells: [{ key: {}, signals }] });
  const by = (counts) => ({ cells: Object.entries(counts).map(([aspect, signals]) => ({ key: { aspect }, signals })) });
  const got = overview.shifts([total(1000), total(1000), by({ a: 90, b: 20 }), by({ a: 20, b: 18 }), by({}), by({ c: 40 })]);
  assert.deepEqual(got.map((s) => [s.aspect, s.good, Math.round(s.change.value)]), [['a', false, 7], ['c', true, -4]]);
  assert.deepEqual(overview.windows('2026-03-10T08:00:00Z', 30), [
    'occurred_at >= 2026-02-09 and occurred_at < 2026-03-11',
    'occurred_at >= 2026-01-10 and occurred_at < 2026-02-09',
  ]);
  const cell = { key: { product: '=cmd("x")' }, signals: 3, value: null, low: null, high: null, n: 3, missing: 0, invalid: 0, reason: 'too_few' };
  const csv = tally.csvOf({ cells: [cell] });
  assert.equal(csv.split('\r\n')[1], '"\'=cmd(""x"")",3,,,,3,0,0,too_few');
});

test('an axis holds its values in round steps and never leaves the scale', async () => {
  const { axisOf } = await load('parts/Trend.tsx');
  assert.deepEqual(axisOf(1.2, 60.5, 4, 'points'), { min: 0, max: 80, interval: 20 });
  assert.deepEqual(axisOf(42, 100, 4, '%'), { min: 40, max: 100, interval: 20 });
  assert.equal(axisOf(3, 3, 4, '').max > 3 || axisOf(3, 3, 4, '').min < 3, true);
});

test('the plan of a measure tells the server what its design uses, and nothing else', async () => {
  const { blank, isWhole, planOf, unsigned, wishOf } = await load('pages/measures/ctrl.ts');
  const plan = { ...blank(Date.parse('2026-03-01T00:00:00Z')), name: ' letter ', kind: 'share', of: 'visit = 1', treated: 'a = 1', cost: '900' };
  const hashed = wishOf(plan);
  assert.deepEqual([hashed.name, hashed.outcome, hashed.treated, hashed.unit, hashed.cost, hashed.worth], ['letter', 'share:visit = 1', null, 'customer', 900, null]);
  assert.deepEqual([hashed.starts_at, hashed.ends_at], ['2026-03-01', '2026-03-29']);
  const told = wishOf({ ...plan, byHash: false, control: 'a = 0' });
  assert.deepEqual([told.treated, told.control, told.unit], ['a = 1', 'a = 0', null]);
  assert.equal(wishOf({ ...plan, design: 'series' }).treated, null);
  assert.equal(isWhole({ ...plan, of: ' ' }) || isWhole({ ...plan, to: plan.from }), false);
  const measure = { ...told, starts_at: '2026-03-01T00:00:00Z', ends_at: '2026-03-29T00:00:00Z', signs_needed: 'finance law', signs: [{ as: 'law' }] };
  assert.deepEqual(wishOf(planOf(measure)), { ...told, signs_needed: 'finance law' });
  assert.deepEqual(unsigned(measure), ['finance']);
});

const { drawn, BOX } = await load('pages/journeys/layout.ts');
const journeys = await load('pages/journeys/ctrl.ts');

test('the map stands in ranks, and its labels cover neither boxes nor each other', () => {
  const pair = (from, to, n, dependency) => ({ from, to, n, dependency, mean_ms: 1, median_ms: 1, p90_ms: 1 });
  const names = ['order', 'pay', 'ship', 'call', 'return'];
  const activities = names.map((name, i) => ({ name, n: 100 - i, cases: 50, starts: 1, ends: 1 }));
  const pairs = [
    pair('order', 'pay', 90, 0.99), pair('pay', 'ship', 80, 0.98), pair('ship', 'call', 20, 0.9), pair('order', 'ship', 15, 0.9),
    pair('call', 'order', 12, -0.2), pair('call', 'call', 9, 0.9), pair('ship', 'return', 7, 0.8), pair('return', 'call', 3, 0.5),
  ];
  const map = drawn(activities, pairs, 20);
  const at = Object.fromEntries(map.boxes.map((b) => [b.name, b]));
  assert.equal(map.boxes.length, 5);
  assert.ok(at.order.y < at.pay.y && at.pay.y < at.ship.y && at.ship.y < at.call.y);
  assert.deepEqual(map.lines.filter((l) => l.back).map((l) => l.pair.from), ['call']);
  const labels = map.lines.flatMap((l) => (l.label ? [l.label] : []));
  assert.ok(labels.length >= 6);
  for (const l of labels) {
    assert.ok(l.x >= map.left && l.x <= map.left + map.width);
    for (const b of map.boxes) assert.ok(Math.abs(b.x - l.x) >= BOX.w / 2 || Math.abs(b.y - l.y) >= BOX.h / 2);
  }
  assert.equal(drawn(activities, pairs, 2).lines.length, 2);
  assert.equal(drawn([], [], 20).boxes.length, 0);
});

test('a journey is taken along as it is drawn', () => {
  const times = { n: 0, mean_ms: null, median_ms: null, p90_ms: null };
  const step = { n: 9, share: 1, share_low: 0.7, share_high: 1, conversion: 1, conversion_low: 0.7, conversion_high: 1, lost: 0, since_entry: times, since_previous: times };
  const funnel = { steps: [{ name: 'a', where: '' }], groups: [{ key: null, steps: [step] }] };
  assert.deepEqual(journeys.tableOf('funnel', [funnel])[1].slice(0, 4), [null, 'a', 9, 1]);
  const cohort = { cohorts: [{ period: '2026-01', from: '2026-01-01', size: 5, active: [5, 2], returned: [0, 2] }, { period: '2026-02', from: '2026-02-01', size: 3, active: [3], returned: [0] }] };
  assert.deepEqual(journeys.tableOf('cohort', [cohort]), [['cohort', 'size', 'active_0', 'active_1'], ['2026-01', 5, 5, 2], ['2026-02', 3, 3]]);
  assert.deepEqual(journeys.tableOf('funnel', []).length, 1);
});

test('an endpoint is told as its way wants it, and quiet hours are minutes', async () => {
  const { bodyOf, clockOf, minutesOf, settingsOf } = await load('pages/outbox/ctrl.ts');
  const way = { name: 'email', title: 'E-mail', settings: 'from text required Where from\nto text optional Who' };
  assert.deepEqual(settingsOf(way), [{ name: 'from', required: true }, { name: 'to', required: false }]);
  assert.deepEqual(settingsOf(undefined), []);
  const wish = { name: ' ops ', way: 'email', address: ' smtps://mail.example.org ', secret: '', settings: { from: 'a@example.org', to: ' ' } };
  assert.deepEqual(bodyOf(wish), { name: 'ops', way: 'email', address: 'smtps://mail.example.org', secret: null, settings: { from: 'a@example.org' } });
  assert.deepEqual([minutesOf('21:30'), minutesOf(''), clockOf(1290), clockOf(null)], [1290, null, '21:30', '']);
});
