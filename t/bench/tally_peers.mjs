// tally_peers.mjs - the questions of tally_bench.c asked of DuckDB (one thread) on the same rows, in
// the same run; equal answers are a condition of being timed.
//   cd t/bench && npm install --ignore-scripts && cd ../.. && node t/bench/tally_peers.mjs [ROWS]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const ROUNDS = 3;
const rows = Number(process.argv[2] ?? 10_000_000);
const bench = process.env.TALLY_BENCH ?? 'build/release/t/bench/tally_bench';
const folder = mkdtempSync(join(tmpdir(), 'tally-peers-'));

const lines = (name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n').map((l) => l.split('\t'));

// Processor time of this process: on a quiet machine the clock says the same for one thread.
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };

async function load(db) {
  const of = (name) => `read_csv('${join(folder, name)}', header = true)`;
  await db.run('set threads = 1');
  for (const c of ['channel', 'touchpoint', 'product', 'city'])  // DuckDB's best: enums are small codes
    await db.run(`create type ${c}_t as enum (select distinct ${c} from ${of('signals.csv')} order by 1)`);
  await db.run(`create type aspect_t as enum (select distinct aspect from ${of('mentions.csv')} order by 1)`);
  await db.run(`create table signals as select id, channel::channel_t channel, touchpoint::touchpoint_t touchpoint,
    product::product_t product, city::city_t city, day::integer as day, nps::tinyint nps from ${of('signals.csv')} order by id`);
  await db.run(`create table mentions as select signal, aspect::aspect_t aspect, touchpoint::touchpoint_t touchpoint
    from ${of('mentions.csv')} order by signal`);
}

// An nps of DuckDB's truth is a boolean: count_if is its fastest wording of sum(nps >= 9).
const wording = (sql) => sql.replace('coalesce(sum(nps >= 9), 0)', 'count_if(nps >= 9)')
  .replace('coalesce(sum(nps <= 6), 0)', 'count_if(nps <= 6)');

async function best(db, sql) {
  let seconds = Infinity, found = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = cpu();
    const reader = await db.runAndReadAll(sql);
    seconds = Math.min(seconds, cpu() - from);
    found = reader.getRows().map((r) => r.map(String).join('\t'));
  }
  return { seconds, found };
}

try {
  const ours = spawnSync(bench, [String(rows), '0', folder, 'csv'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ours.status !== 0) throw new Error(ours.stderr || String(ours.error));
  const took = new Map(ours.stdout.split('\n').map((l) => l.split('\t')).map(([name, value]) => [name, Number(value)]));
  const answers = lines('answers.tsv');
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  await load(db);
  let different = 0;
  for (const [number, name, sql] of lines('questions.tsv')) {
    const { seconds, found } = await best(db, wording(sql));
    const want = answers.filter((a) => a[0] === number).map((a) => a.slice(1).join('\t'));
    const equal = want.length === found.length && want.sort().every((w, i) => w === found.sort()[i]);
    const ns = (seconds * 1e9) / rows, mine = took.get(`tally: ${name}`);
    if (!equal) different++;
    console.log(`duckdb: ${name}\t${ns.toFixed(2)}\tns/row\t${equal
      ? `${(ns / mine).toFixed(1)} times the tally's ${mine} ns/row, 1 thread each, equal answers` : 'ANSWERS DIFFER'}`);
  }
  process.exitCode = different ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
