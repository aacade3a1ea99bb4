// walk_peers.mjs - the questions of walk_bench.c asked of DuckDB on the same events, in the same run, one
// thread against one; equal answers are a condition of being timed.  DuckDB gets numbers for customers, an
// enum for events, and its rows in order of arrival; of several wordings the fastest counts.  For comparison
// each is also asked of a copy that was sorted by customer and time beforehand.
//   cd t/bench && npm install --ignore-scripts && cd ../.. && node t/bench/walk_peers.mjs [EVENTS [CUSTOMERS]]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const BAR = 10;
const rows = Number(process.argv[2] ?? 2_000_000), customers = Number(process.argv[3] ?? 0);
const large = rows > 5_000_000, rounds = large ? 1 : 2; // large: what was slower on fewer events is left out
const bench = process.env.WALK_BENCH ?? 'build/release/t/bench/walk_bench';
const folder = mkdtempSync(join(tmpdir(), 'walk-peers-'));

// Processor time of this process: on a quiet machine the clock says the same for one thread.
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };

const WINDOW = 30 * 86_400_000, STEPS = ['view', 'cart', 'checkout', 'pay', 'review'];
const asof = (t) => `
  with ${STEPS.map((s, i) => `s${i} as (select customer, ms from ${t} where event = '${s}')`).join(', ')},
  way as (select s0.customer, s0.ms, ${[1, 2, 3, 4].map((i) => `s${i}.ms as m${i}`).join(', ')} from s0
    ${[1, 2, 3, 4].map((i) => `asof left join s${i} on s${i}.customer = s0.customer and s${i}.ms > s${i - 1}.ms`).join(' ')}),
  deep as (select customer, ms, m4, case ${[1, 2, 3, 4].map((i) => `when not coalesce(m${i} - ms <= ${WINDOW}, false) then ${i}`).join(' ')}
    else 5 end as depth from way),
  best as (select customer, max(depth) as depth from deep group by 1)
  select count(*), ${[2, 3, 4, 5].map((d) => `count_if(depth >= ${d})`).join(', ')},
    (select median(took) from (select arg_min(m4 - ms, ms) as took from deep where depth = 5 group by customer)) from best`;
const windows = (t) => {
    let sql = `with w4 as (select customer, ms, event, case when event = 'review' then ms end as m4 from ${t} where event in ('view','cart','checkout','pay','review')), `;
    const next = (col) => `first_value(${col} ignore nulls) over w`;
    for (let i = 3; i >= 0; i--) {
        const chain = Array.from({ length: 4 - i }, (_, k) => `m${i + 1 + k}`);
        sql += `w${i} as (select customer, ms, event, ${i === 0 ? '' : `case when event = '${STEPS[i]}' then ms end as m${i}, `}
          ${chain.map((c, k) => (k === 0 ? `${next(c)} as n${c}` : `${next(`case when event = '${STEPS[i + 1]}' then struct_pack(v := ${c}) end`)}.v as n${c}`)).join(', ')}
          from w${i + 1} window w as (partition by customer order by ms rows between 1 following and unbounded following)), `
          .replaceAll(/ as nm(\d)/g, ' as m$1');
    }
    return `${sql} deep as (select customer, ms, m4, 1 ${[1, 2, 3, 4].map((i) => `+ coalesce(m${i} - ms <= ${WINDOW}, false)::int`).join(' ')} as depth from w0 where event = 'view'),
      best as (select customer, max(depth) as depth from deep group by 1)
      select count(*), ${[2, 3, 4, 5].map((d) => `count_if(depth >= ${d})`).join(', ')},
      (select median(took) from (select arg_min(m4 - ms, ms) as took from deep where depth = 5 group by customer)) from best`;
};
const lead = (t) => `
  select event, next, count(*), avg(wait), median(wait), quantile_cont(wait, 0.9) from (
    select event, lead(event) over w as next, lead(ms) over w - ms as wait from ${t}
    window w as (partition by customer order by ms)) where next is not null group by all`;
// ${'month'}: a number, so that DuckDB need not format dates; formatted at the very end.
const label = (m) => `strftime(make_date(2024 + (${m} // 12)::int, 1 + (${m} % 12)::int, 1), '%Y-%m')`;
const masks = (t) => `
  with c as (select customer, min(month) as m, bit_or(1::ubigint << month) as seen from ${t} group by customer),
  k as (select unnest(range(12)) as k)
  select ${label('m')}, k, count_if((seen >> (m + k)) & 1 = 1) from
    (select m, seen from c), k where m + k <= (select max(month) from ${t}) group by m, k`;
const masked = (t) => `
  with c as (select min(month) as m, bit_or(1::ubigint << month) as seen from ${t} group by customer),
  g as (select m, ${Array.from({ length: 12 }, (_, k) => `count_if((seen >> (m + ${k})) & 1 = 1) as a${k}`).join(', ')} from c group by m)
  select ${label('m')}, k, n from (${Array.from({ length: 12 }, (_, k) => `select m, ${k} as k, a${k} as n from g`).join(' union all ')})
  where m + k <= (select max(month) from ${t})`;
const distinct = (t) => `
  with a as (select distinct customer, month from ${t}), c as (select customer, min(month) as m from a group by 1),
  n as (select m, month - m as k, count(*) as n from a join c using (customer) where month - m < 12 group by all),
  every as (select m, unnest(range(12)) as k from (select distinct m from n))
  select ${label('m')}, k, coalesce(n, 0) from every left join n using (m, k) where m + k <= (select max(month) from ${t})`;
const twice = (t) => `
  with d as (select customer, day, month from ${t} where event = 'pay'),
  f as (select customer, min(day) as first, min(month) as m from d group by 1),
  g as (select customer, m, bool_or(day > first and day <= first + 90) as again from d join f using (customer) group by all)
  select ${label('m')}, count(*), count_if(again) from g group by m`;
const least = (t) => `
  with d as (select customer, list_sort(list_distinct(list(day))) as days, min(month) as m from ${t} where event = 'pay' group by 1)
  select ${label('m')}, count(*), count_if(days[2] <= days[1] + 90) from d group by m`;
const minimum = (t) => `
  with d as (select distinct customer, day from ${t} where event = 'pay'),
  f as (select customer, min(day, 2) as days from d group by 1),
  g as (select year(date '1970-01-01' + days[1]) * 12 + month(date '1970-01-01' + days[1]) - 1 - 2024 * 12 as m, days from f)
  select ${label('m')}, count(*), count_if(days[2] <= days[1] + 90) from g group by m`;

const questions = [
    { name: 'funnel of five steps in 30 days', sql: { asof, windows } },
    { name: 'what follows what', sql: { lead } },
    { name: 'cohorts of twelve months', sql: { masks, masked, distinct } },
    { name: 'repurchase within 90 days', sql: { twice, least, minimum } },
];

async function load(db) {
    await db.run('set threads = 1');
    await db.run(`create type kind as enum (select distinct event from read_csv('${join(folder, 'events.csv')}', header = true) order by 1)`);
    await db.run(`create table events as select id, customer::integer as customer, event::kind as event, ms::bigint as ms,
      (ms // 86400000)::integer as day, datediff('month', timestamp '2024-01-01', epoch_ms(ms::bigint))::tinyint as month
      from read_csv('${join(folder, 'events.csv')}', header = true) order by id`);
    if (!large) await db.run('create table by_customer as select * from events order by customer, ms');
}

// Numbers as numbers: 7 decimals are far more than the two ways of averaging differ by.
const plain = (v) => (v === null ? '' : Number.isFinite(Number(v)) ? String(+Number(v).toPrecision(12)) : String(v));
const lines = (list) => list.map((r) => r.map(plain).join('\t')).sort();

async function timed(db, sql) {
    let seconds = Infinity, found = [];
    for (let round = 0; round < rounds; round++) {
        const from = cpu();
        const reader = await db.runAndReadAll(sql);
        seconds = Math.min(seconds, cpu() - from);
        found = lines(reader.getRows());
    }
    return { seconds, found };
}

let failed = 0;
try {
    const ours = spawnSync(bench, [String(rows), String(customers), folder, 'csv'], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (ours.status !== 0) throw new Error(ours.stderr || String(ours.error));
    const took = new Map(ours.stdout.split('\n').map((l) => l.split('\t')).map(([name, value]) => [name, Number(value)]));
    process.stdout.write(ours.stdout);
    const db = await (await DuckDBInstance.create(':memory:')).connect();
    await load(db);
    for (const [k, { name, sql }] of questions.entries()) {
        const want = lines(readFileSync(join(folder, `answer-${k}.tsv`), 'utf8').trimEnd().split('\n').map((l) => l.split('\t')));
        const best = large ? { events: Infinity } : { events: Infinity, by_customer: Infinity }, how = {};
        for (const [wording, make] of Object.entries(sql).filter(([w]) => !large || !['windows', 'least', 'distinct'].includes(w)))
            for (const table of Object.keys(best)) {
                const { seconds, found } = await timed(db, make(table));
                const equal = want.length === found.length && want.every((w, i) => w === found[i]);
                if (!equal) {
                    failed++;
                    const i = want.findIndex((w, j) => w !== found[j]);
                    console.log(`DIFFERENT: ${name}, ${wording} of ${table}: ${want.length} and ${found.length} lines; ours ${want[i]}, DuckDB ${found[i]}`);
                } else if (process.env.WALK_VERBOSE) console.log(`  ${name}: ${wording} of ${table} ${(seconds * 1e9 / rows).toFixed(1)} ns`);
                if (equal && seconds < best[table]) [best[table], how[table]] = [seconds, wording];
            }
        const mine = took.get(`walk: ${name}`), ns = (best.events * 1e9) / rows, sorted = (best.by_customer * 1e9) / rows;
        if (ns < BAR * mine) failed++;
        console.log(`DuckDB: ${name}\t${ns.toFixed(2)}\tns an event (${how.events})\t${(ns / mine).toFixed(1)} x ours, ${BAR} wanted` +
            (large ? '' : `\tof its sorted copy ${sorted.toFixed(2)} (${how.by_customer}), ${(sorted / mine).toFixed(1)} x`));
    }
} finally {
    rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
