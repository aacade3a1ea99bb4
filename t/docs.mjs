// docs.mjs - the guides are true.  In docs/api*.md every ```sh block is run against a server; the ```json block
// behind it must be found in the answer: each member there, of the same kind.  In docs/guide/first-hour*.md every
// "$ heed" is run in one folder, and what is shown under it must be what it says.  usage: node docs.mjs HEED
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ok, tell } from './server.mjs'

const heed = resolve(process.argv[2] ?? 'build/release/heed')
const docs = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs')
const SCOPES = 'signals.read signals.write metrics.read tickets.read tickets.write rules.read rules.write export'

// Blocks between fences: {kind, text, line}.
function blocks(file) {
    const all = []
    let open = null
    readFileSync(file, 'utf8').split('\n').forEach((line, i) => {
        if (!line.startsWith('```')) return void (open && open.lines.push(line))
        if (open) all.push({ ...open, text: open.lines.join('\n') }), open = null
        else open = { kind: line.slice(3).trim(), line: i + 1, lines: [] }
    })
    return all
}

const kindOf = (v) => v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v

// What is shown but not answered, '' if all is.  null may stand for what is there and the other way round.
function lacks(shown, told, at = 'the answer') {
    if (shown === null || told === null) return ''
    if (kindOf(shown) !== kindOf(told)) return `${at} is ${kindOf(told)}, shown is ${kindOf(shown)}`
    if (Array.isArray(shown)) return shown.length && !told.length ? `${at} is empty` : shown.map((v, i) => i < told.length ? lacks(v, told[i], `${at}[${i}]`) : '').find(Boolean) ?? ''
    if (kindOf(shown) !== 'object') return ''
    return Object.keys(shown).map((k) => k in told ? lacks(shown[k], told[k], `${at}.${k}`) : `${at} has no ${k}`).find(Boolean) ?? ''
}

function runExamples(server, file, key) {
    const dir = mkdtempSync(join(tmpdir(), 'heed-docs-'))
    const all = blocks(join(docs, file)), faults = []
    let ran = 0
    all.forEach((block, i) => {
        if (block.kind !== 'sh') return
        const { stdout, status } = spawnSync('sh', ['-eu', '-c', block.text], { cwd: dir, encoding: 'utf8', env: { ...process.env, HEED: server.url, KEY: key } })
        const shown = all[i + 1]?.kind === 'json' ? JSON.parse(all[i + 1].text) : null
        let fault = status === 0 ? '' : `ended with ${status}`
        try { fault ||= shown ? lacks(shown, JSON.parse(stdout)) : '' } catch (e) { fault = `${e.message}: ${stdout}` }
        if (fault) faults.push(`${file}:${block.line}: ${fault}; it said ${stdout.slice(0, 600)}`)
        ran++
    })
    rmSync(dir, { recursive: true })
    ok(ran > 8 && faults.length === 0, `${file}: ${ran} examples run, and answer what is shown`, faults.join('\n# '))
}

// The words of a terminal, blanks aside.
const plain = (text) => text.split('\n').map((l) => l.replace(/\s+/g, ' ').trim()).filter(Boolean)

function runConsole(file) {
    const dir = mkdtempSync(join(tmpdir(), 'heed-docs-')), faults = []
    copyFileSync(join(docs, 'guide', 'cafe.csv'), join(dir, 'cafe.csv'))
    const env = { ...process.env, HEED_LANG: file.split('.').at(-2).startsWith('zh') ? file.split('.').at(-2) : 'en', HEED_STORE: '', PATH: `${dir}:${process.env.PATH}` }
    execFileSync('ln', ['-s', heed, join(dir, 'heed')])
    let ran = 0
    for (const block of blocks(join(docs, 'guide', file)).filter((b) => b.text.includes('$ heed '))) {
        for (const part of block.text.split(/^\$ /m).slice(1)) {
            const [command, ...shown] = part.split('\n')
            const said = spawnSync('sh', ['-c', `${command} 2>&1`], { cwd: dir, encoding: 'utf8', env })
            const told = plain(said.stdout)
            for (const line of plain(shown.join('\n')))
                if (!told.includes(line)) faults.push(`${file}:${block.line}: $ ${command}: "${line}" is not in: ${told.slice(0, 12).join(' | ')}`)
            if (command.includes('import cafe.csv') && !command.includes('--dry-run')) mend(dir)
            ran++
        }
    }
    rmSync(dir, { recursive: true })
    ok(ran > 8 && faults.length === 0, `guide/${file}: ${ran} commands run, and say what is shown`, faults.join('\n# '))
}

// What the guide asks its reader to do by hand: quotes round the comment, and the row goes in.
function mend(dir) {
    const file = join(dir, 'cafe.csv.rejected.csv')
    writeFileSync(file, readFileSync(file, 'utf8').replace('出餐太慢,上班都要迟到了', '"$&"'))
    execFileSync(heed, ['import', file, '--source', 'cafe'], { cwd: dir, env: { ...process.env, HEED_STORE: '' } })
}

for (const file of readdirSync(join(docs, 'guide')).filter((f) => f.startsWith('first-hour'))) runConsole(file)
for (const file of readdirSync(docs).filter((f) => f.startsWith('api')))
    await tell(heed, async (server) => {
        await server.start('--rate', '0')
        runExamples(server, file, server.key('guide', SCOPES))
    })
