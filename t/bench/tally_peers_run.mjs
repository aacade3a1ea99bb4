// tally_peers.mjs - the twelve questions of tally_questions.h asked of DuckDB (one thread, the best of its
// wordings) and, on fewer rows, of PostgreSQL, on the same rows in the same run; equal answers are a
// condition of being timed.
//   make bench-tally ROWS=50000000
// or cd t/bench && npm install --ignore-scripts && cd ../.. && node t/bench/tally_peers.mjs [ROWS] [PG_ROWS]
import { spawn, spawnSync, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = 3;
// How many times DuckDB's speed each question is to reach, in their order; 0: no such promise.
const BARS = [0, 20, 20, 10, 20, 10, 10, 10, 5, 5, 0, 20];
const rows = Number(process.argv[2] ?? 10_000_000);
const pgRows = Math.min(rows, Number(process.argv[3] ?? 0));
const bench = process.env.TALLY_BENCH ?? 'build/release/t/bench/tally_bench';
const folder = mkdtempSync(join(tmpdir(), 'tally-peers-'));
const columns = {
  signals: { id: 'INTEGER', channel: 'channel_t', touchpoint: 'touchpoint_t', product: 'product_t', city: 'city_t',
    customer: 'INTEGER', day: 'SMALLINT', nps: 'TINYINT', cents: 'INTEGER', mood: 'mood_t' },
  mentions: { signal: 'INTEGER', aspect: 'aspect_t', polarity: 'mood_t', touchpoint: 'touchpoint_t',
    product: 'product_t', day: 'SMALLINT' },
};
const numbered = (what, n) => Array.from({ length: n }, (_, i) => `${what}-${i}`);
const texts = { channel: ['app', 'call', 'chat', '电商评论', 'email', 'order', 'social', 'survey'],
  touchpoint: numbered('touchpoint', 12), product: numbered('product', 20), city: numbered('city', 30),
  aspect: numbered('aspect', 25), mood: ['negative', 'neutral', 'positive'] };

const lines = (text) => text.trimEnd().split('\n').map((l) => l.split('\t'));
// Processor time of this process: on a quiet machine the clock says the same for one thread.
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };

function heed(n) {
  const ours = spawnSync(bench, [String(n), '0', folder, 'told'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ours.status !== 0) throw new Error(ours.stderr || String(ours.error));
  const took = new Map(lines(ours.stdout).map(([name, value]) => [name.replace('tally: ', ''), Number(value)]));
  const answers = lines(readFileSync(join(folder, 'answers.tsv'), 'utf8')).map((l) => l.join('\t'));
  const questions = lines(readFileSync(join(folder, 'questions.tsv'), 'utf8'))
    .map(([number, name, ...sql]) => ({ number, name, sql, want: answers.filter((a) => a.startsWith(`${number}\t`)).sort() }));
  return { out: ours.stdout, took, questions };
}

const same = (want, number, found) => {
  const have = found.map((r) => [number, ...r].join('\t')).sort();
  return have.length === want.length && have.every((h, i) => h === want[i]);
};

// The rows go through a pipe: nothing but the peer's own table is kept.
async function loadDuck(db, table) {
  const pipe = join(folder, `${table}.pipe`);
  execFileSync('mkfifo', [pipe]);
  const writer = spawn('sh', ['-c', `"${bench}" csv ${rows} ${table} > "${pipe}"`], { stdio: 'inherit' });
  const kinds = Object.entries(columns[table]).map(([k, v]) => `'${k}': '${v}'`).join(', ');
  await db.run(`create table ${table} as select * from read_csv('${pipe}', header = false, auto_detect = false,
    delim = ',', columns = {${kinds}})`);
  await new Promise((done) => (writer.exitCode === null ? writer.on('exit', done) : done()));
  rmSync(pipe);
}

async function duck(questions, took) {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const db = await (await DuckDBInstance.create(':memory:')).connect();
  await db.run('set threads = 1');
  await db.run("set memory_limit = '6GB'");
  await db.run(`set temp_directory = '${join(folder, 'spill')}'`);
  await db.run('set perfect_ht_threshold = 20'); // small groups without a hash: its best
  for (const [k, all] of Object.entries(texts))
    await db.run(`create type ${k}_t as enum (${all.map((t) => `'${t}'`).join(', ')})`);
  for (const table of ['signals', 'mentions']) await loadDuck(db, table);
  let different = 0;
  const table = [];
  for (const { number, name, sql, want } of questions) {
    let best = Infinity, wording = 0, equal = true;
    for (const [w, text] of sql.entries()) {
      for (let round = 0; round < ROUNDS; round++) {
        const from = cpu();
        const reader = await db.runAndReadAll(text);
        const seconds = cpu() - from;
        if (seconds < best) { best = seconds; wording = w; }
        if (round === 0) equal = same(want, number, reader.getRows().map((r) => r.map((v) => (v === null ? '' : String(v))))) && equal;
        if (seconds > 5) break;
      }
    }
    const ns = (best * 1e9) / rows, mine = took.get(name);
    if (!equal) different++;
    const bar = BARS[number] ?? 0;
    if (equal) table.push({ question: name, 'heed ns/row': mine, 'duckdb ns/row': Number(ns.toFixed(2)),
      times: Number((ns / mine).toFixed(1)), bar: bar || '', meets: !bar || ns / mine >= bar });
    console.log(`duckdb: ${name}\t${ns.toFixed(2)}\tns/row\t${equal
      ? `${(ns / mine).toFixed(1)} times the tally's ${mine} ns/row, 1 thread each, wording ${wording + 1} of ${sql.length}, equal answers` : 'ANSWERS DIFFER'}`);
  }
  console.table(table);
  return different;
}

// ---- PostgreSQL 15, if its programs are here: a server of its own, on a socket, gone afterwards ----
function postgres() {
  const bin = ['/usr/lib/postgresql/15/bin', '/usr/lib/postgresql/16/bin'].find((b) => existsSync(join(b, 'initdb')));
  if (!bin) return console.log('postgresql: not installed (apt install postgresql-15): left out');
  const { took, questions } = heed(pgRows);
  const home = mkdtempSync(join(tmpdir(), 'tally-pg-')), root = process.getuid() === 0;
  const run = (cmd) => {
    const r = spawnSync(root ? 'runuser' : 'sh', root ? ['-u', 'postgres', '--', 'sh', '-c', cmd] : ['-c', cmd],
      { encoding: 'utf8', maxBuffer: 1 << 28, cwd: home });
    if (r.status !== 0) throw new Error(r.stderr || String(r.error));
    return r.stdout;
  };
  const psql = `"${bin}/psql" -X -q -h "${home}" -d postgres`;
  try {
    if (root) { chmodSync(home, 0o777); }
    run(`"${bin}/initdb" -D "${home}/db" -A trust --no-sync -E UTF8 --locale=C >/dev/null`);
    run(`"${bin}/pg_ctl" -D "${home}/db" -w -o "-k ${home} -h '' -c shared_buffers=1GB -c fsync=off -c work_mem=256MB -c max_parallel_workers_per_gather=0 -c jit=on" start >/dev/null`);
    for (const table of ['signals', 'mentions']) {
      const kinds = Object.entries(columns[table]).map(([k, v]) => `${k} ${v.endsWith('_t') ? 'text' : v === 'TINYINT' ? 'smallint' : v}`);
      run(`${psql} -c "create table ${table}(${kinds.join(', ')})"`);
      execFileSync('sh', ['-c', `"${bench}" csv ${pgRows} ${table} | ${root ? 'runuser -u postgres -- ' : ''}${psql} -c "copy ${table} from stdin csv"`]);
    }
    run(`${psql} -c "vacuum analyze"`);
    for (const { number, name, sql, want } of questions) {
      const text = `\\timing on\n${sql[0]};\n`.replaceAll("'", "'\\''");
      const out = run(`printf '%s' '${text}' | ${psql} -A -t -F '\t'`).trimEnd().split('\n');
      const ms = Number(/Time: ([\d.]+) ms/.exec(out.pop())[1]), ns = (ms * 1e6) / pgRows, mine = took.get(name);
      const equal = same(want, number, out.map((l) => l.split('\t')));
      console.log(`postgresql: ${name}\t${ns.toFixed(1)}\tns/row\t${equal
        ? `${(ns / mine).toFixed(0)} times the tally's ${mine} ns/row on ${pgRows} rows, 1 thread each, equal answers` : 'ANSWERS DIFFER'}`);
      if (!equal) process.exitCode = 1;
    }
  } finally {
    try { run(`"${bin}/pg_ctl" -D "${home}/db" -m immediate stop >/dev/null`); } catch { /* never started */ }
    rmSync(home, { recursive: true, force: true });
  }
}

try {
  const { out, took, questions } = heed(rows);
  process.stdout.write(out);
  if (await duck(questions, took)) process.exitCode = 1;
  if (pgRows) postgres();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
