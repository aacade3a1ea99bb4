// server.mjs - a real heed for tests in JavaScript: its server, its keys, and TAP on stdout.
import { spawn, execFileSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

let tests = 0, failed = 0

export function ok(good, name, why = '') {
    tests++
    if (!good) failed++
    console.log(`${good ? 'ok' : 'not ok'} ${tests} - ${name}`)
    if (!good && why) console.log(`# ${why}`)
}

const freePort = () => new Promise((done) => {
    const s = net.createServer().listen(0, '127.0.0.1', () => {
        const { port } = s.address()
        s.close(() => done(port))
    })
})

export class Server {
    constructor(heed, dir, port) {
        this.heed = heed
        this.store = join(dir, 'heed.db')
        this.logFile = join(dir, 'log')
        this.log = openSync(this.logFile, 'a')
        this.port = port
        this.url = `http://127.0.0.1:${port}`
    }
    async start(...options) {
        this.process = spawn(this.heed, ['serve', '--store', this.store, '--listen', `127.0.0.1:${this.port}`, ...options],
            { stdio: ['ignore', this.log, this.log] })
        for (let i = 0; i < 2400; i++) {
            if ((await fetch(`${this.url}/readyz`).catch(() => ({}))).status === 200) return
            await sleep(50)
        }
        throw new Error(`the server does not start: ${this.said()}`)
    }
    end(signal) {
        return new Promise((done) => {
            this.process.once('exit', done)
            this.process.kill(signal)
        })
    }
    said() { return readFileSync(this.logFile, 'utf8') }
    run(...words) {
        return execFileSync(this.heed, [...words, '--store', this.store], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    }
    key(name, scopes) { return this.run('key', 'add', name, '--scopes', scopes).match(/heed_key_\S+/)[0] }
}

// Tells a story with a server of its own, which is ended whatever happens; process.exitCode says how it went.
export async function tell(heed, story) {
    const dir = mkdtempSync(join(tmpdir(), 'heed-test-'))
    const server = new Server(heed, dir, await freePort())
    try {
        await story(server)
        await server.end('SIGTERM')
        const said = server.run('check')
        ok(said.includes(' 0 findings'), 'the store is sound', said)
    } catch (e) {
        ok(false, 'the story is told to its end', e.stack.replaceAll('\n', ' '))
        server.process?.kill('SIGKILL')
    } finally {
        rmSync(dir, { recursive: true, force: true })
    }
    process.exitCode = failed ? 1 : 0
}
