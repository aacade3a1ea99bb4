// rules_peers.mjs - the same rules on the same signals: Heed, npm json-rules-engine, and SQL (SQLite by the
// engine's own library, DuckDB), in one run; equal numbers of matches are a condition of being timed.
//   make bench-rules RULES=500 SIGNALS=20000
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Engine } from 'json-rules-engine';

const bench = process.env.RULES_BENCH ?? 'build/release/t/bench/rules_bench';
const folder = mkdtempSync(join(tmpdir(), 'rules-peers-'));
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };
const row = (name, value, unit, note) => console.log(`${name.padEnd(34)} ${String(value).padStart(12)} ${unit.padEnd(8)} ${note}`);

const ours = spawnSync(bench, [folder], { encoding: 'utf8' });
if (ours.status !== 0) throw new Error(ours.stderr);
const told = ours.stdout.trim().split('\n').map((l) => l.split('\t'));
for (const [name, value, unit, note] of told) row(name, value, unit, note);
const speed = Number(told[0][1]), matches = Number(told[2][1]);
const rules = readFileSync(join(folder, 'rules.txt'), 'utf8').trim().split('\n');
const names = ['channel', 'product', 'words', 'calls', 'score:csat', 'score:nps', 'shop'];
const signals = readFileSync(join(folder, 'signals.tsv'), 'utf8').trim().split('\n')
    .map((l) => Object.fromEntries(l.split('\t').map((v, i) => [names[i], i >= 3 && i <= 5 ? Number(v) : v])));

// ---- JSON rules: the same conditions as its documents ----
const ops = { '=': 'equal', '<=': 'lessThanInclusive', '<': 'lessThan', '>=': 'greaterThanInclusive' };
function leaf(text) {
    const list = /^(\S+) in \((.*)\)$/.exec(text);
    if (list) return { fact: list[1], operator: 'in', value: list[2].split(',').map((s) => s.slice(1, -1)) };
    const [, fact, op, value] = /^(\S+) (=|<=|<|>=|~) (.+)$/.exec(text);
    if (op === '~') return { fact, operator: 'has', value: value.slice(1, -1) };
    return { fact, operator: ops[op], value: value.startsWith("'") ? value.slice(1, -1) : Number(value) };
}
const part = (text) => text.startsWith('(') ? { any: text.slice(1, -1).split(' or ').map(leaf) } : leaf(text);
function jsonRules(count) {
    const engine = new Engine([], { allowUndefinedFacts: true });
    engine.addOperator('has', (have, want) => have.includes(want));
    rules.forEach((text, i) => engine.addRule({ name: `r${i}`, conditions: { all: text.split(' and ').map(part) }, event: { type: `r${i}` } }));
    return count(engine);
}
const some = signals.slice(0, Number(process.env.PEER_SIGNALS ?? 300));
await jsonRules(async (engine) => {
    for (const s of some.slice(0, 20)) await engine.run(s);
    const begin = cpu();
    let n = 0;
    for (const s of some) n += (await engine.run(s)).events.length;
    const took = cpu() - begin;
    row('json-rules-engine', Math.round(some.length / took), '/s CPU', `${n} matches in ${some.length}; Heed is ${(speed / (some.length / took)).toFixed(0)} times as fast`);
});

// ---- SQL: a rule is a WHERE; all of a signal's rules in one pass over a table of signals ----
const sql = (text) => text.replace(/(\S+) ~ '(\w+)'/g, "contains($1, '$2')").replaceAll('score:csat', 'csat').replaceAll('score:nps', 'nps');
const db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
await db.run(`create table s as select * from read_csv('${join(folder, 'signals.tsv')}', delim = '\t', header = false,
    columns = {'channel':'varchar','product':'varchar','words':'varchar','calls':'int','csat':'int','nps':'int','shop':'varchar'})`);
const query = `select ${rules.map((r) => `sum((${sql(r)})::int)`).join(' + ')} from s`;
await db.runAndReadAll(query);
const begin = cpu();
const got = Number((await db.runAndReadAll(query)).getRows()[0][0]);
const took = cpu() - begin;
if (got !== matches) throw new Error(`DuckDB counts ${got} matches, Heed ${matches}`);
row('DuckDB, all signals in one batch', Math.round(signals.length / took), '/s CPU', `equal matches; Heed, signal by signal, is ${(speed / (signals.length / took)).toFixed(1)} times as fast`);
const each = cpu();
const few = 40;
for (let i = 0; i < few; i++) await db.runAndReadAll(`${query.replace(' from s', ` from (select * from s limit 1 offset ${i})`)}`);
const alone = (cpu() - each) / few;
row('DuckDB, a signal at a time', Math.round(1 / alone), '/s CPU', `as they come in; Heed is ${(speed * alone).toFixed(0)} times as fast`);
rmSync(folder, { recursive: true });
