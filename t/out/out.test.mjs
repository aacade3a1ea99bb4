// out.test.mjs - what leaves the house: a real SMTP server, and a receiver of webhooks that fails, hangs, answers
// 429, and redirects to this machine; the server is killed (SIGKILL) in the middle.  Every deed must arrive, with
// one id however often it was sent, rightly signed, in order.  usage: node out.test.mjs HEED
import { createHmac } from 'node:crypto'
import http from 'node:http'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { ok, tell } from '../server.mjs'

const heed = resolve(process.argv[2] ?? 'build/release/heed')
const PATIENCE_MS = 120_000
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

async function until(what, done) {
    const end = Date.now() + PATIENCE_MS
    while (Date.now() < end) {
        if (await done()) return true
        await sleep(50)
    }
    ok(false, what, 'waited two minutes')
    return false
}

// ---- the other side ----

// How the nth message to each path is answered; the last one holds for all that follow.
const MANNERS = {
    '/good': [200],
    '/fails': [500, 502, 200],
    '/busy': [429, 200],
    '/hangs': ['hang', 200],
    '/leads-home': [302],
}

function receiver(got) {
    const server = http.createServer((req, res) => {
        const parts = []
        req.on('data', (d) => parts.push(d))
        req.on('end', () => {
            const list = (got[req.url] ??= [])
            const manners = MANNERS[req.url] ?? [404]
            const how = manners[Math.min(list.length, manners.length - 1)]
            list.push({ at: Date.now(), how, head: req.headers, body: Buffer.concat(parts).toString() })
            if (how === 'hang') return
            if (how === 302) res.setHeader('location', `http://127.0.0.1:${server.address().port}/secret`)
            if (how === 429) res.setHeader('retry-after', '7')
            res.writeHead(how).end()
        })
    })
    return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
}

function mailServer(mails) {
    const server = new SMTPServer({
        authOptional: true,
        disabledCommands: ['STARTTLS'],
        allowInsecureAuth: true,
        onAuth: (auth, session, done) => done(auth.password === 'right' ? null : new Error('wrong'), { user: auth.username }),
        onRcptTo: (to, session, done) => {
            if (!to.address.startsWith('nobody@')) return done()
            const refusal = new Error('5.1.1 no such mailbox')
            refusal.responseCode = 550
            return done(refusal)
        },
        onData: (stream, session, done) => {
            const parts = []
            stream.on('data', (d) => parts.push(d))
            stream.on('end', () => {
                mails.push({ to: session.envelope.rcptTo.map((t) => t.address), user: session.user, text: Buffer.concat(parts).toString() })
                done()
            })
        },
    })
    return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)))
}

// ---- our side ----

const signed = (m) => createHmac('sha256', Buffer.alloc(32, 7))
    .update(`${m.head['webhook-id']}.${m.head['webhook-timestamp']}.${m.body}`).digest('base64')

async function say(server, key, list) {
    const answer = await fetch(`${server.url}/api/v1/signals`, { method: 'POST', body: JSON.stringify(list),
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } })
    if (!answer.ok) throw new Error(`signals: ${answer.status} ${await answer.text()}`)
}

const signal = (place, i, more = {}) => ({ source: 'till', external_id: `${place}-${i}`, touchpoint: place, words: `too slow, number ${i}`, ...more })
const number = (m) => Number(JSON.parse(m.body).data.signal.external_id.split('-').at(-1))
const first = (list) => list.filter((m, i) => list.findIndex((x) => x.head['webhook-id'] === m.head['webhook-id']) === i)
const outbox = (server, name) => JSON.parse(server.run('outbox', '--endpoint', name, '--limit', '1000', '--json'))

await tell(heed, async (server) => {
    const got = {}, mails = []
    const hooks = await receiver(got), mail = await mailServer(mails)
    const at = `http://127.0.0.1:${hooks.address().port}`
    const post = `smtp://127.0.0.1:${mail.server.address().port}`
    const key = server.key('till', 'signals.write')
    for (const path of Object.keys(MANNERS)) {
        const name = path.slice(1)
        server.run('endpoint', 'add', name, '--way', 'webhook', '--address', at + path, '--secret', SECRET, '--near')
        server.run('rule', 'add', name, '--when', `touchpoint = '${name}'`, '--then', `send to=${name}`)
    }
    let refused = false
    try {
        server.run('endpoint', 'add', 'near', '--way', 'webhook', '--address', `${at}/good`)
    } catch { refused = true }
    ok(refused, 'an address of this machine is refused without --near')
    server.run('endpoint', 'add', 'mail', '--way', 'email', '--address', post, '--secret', 'right', '--near',
        '--set', 'from=care@shop.example', '--set', 'to=team@shop.example', '--set', 'user=care', '--set', 'public_url=https://cx.shop.example')
    server.run('contact', '--quiet', 'none')
    server.run('rule', 'add', 'mail', '--when', "touchpoint = 'mail'", '--then', 'send to=mail')
    await server.start()

    await say(server, key, Array.from({ length: 300 }, (_, i) => signal('good', i)))
    await until('some arrive', () => (got['/good'] ?? []).length > 50)
    await server.end('SIGKILL')
    await server.start()
    await say(server, key, ['fails', 'busy', 'hangs', 'leads-home'].flatMap((p) => [signal(p, 0), signal(p, 1)]))
    await say(server, key, [signal('mail', 0), signal('mail', 1)])

    await until('all arrive', () => first(got['/good']).length === 300)
    ok(first(got['/good']).length === 300, 'killed in the middle, all 300 arrived')
    ok(got['/good'].length <= 301, 'at most the one on its way was sent twice, with its id', `${got['/good'].length} requests`)
    ok(first(got['/good']).every((m, i) => number(m) === i), 'in their order')
    ok(got['/good'].every((m) => m.head['webhook-signature'] === `v1,${signed(m)}`), 'each one rightly signed')

    await until('two mails', () => mails.length >= 2)
    ok(mails.length === 2 && mails.every((m) => m.to[0] === 'team@shop.example' && m.user === 'care'), 'two mails, signed in, to the team')
    ok(mails.every((m) => /^Message-ID: <[0-9a-f]{16}@shop\.example>\r$/m.test(m.text)), 'each with a stable id')

    await until('what was busy arrives', () => (got['/busy'] ?? []).length >= 3)
    const busy = got['/busy']
    ok(busy[1].at - busy[0].at >= 7000, 'Retry-After is kept', `${busy[1].at - busy[0].at} ms`)
    ok(number(busy[1]) === 0 && number(busy[2]) === 1, 'and the next one waits for it')

    await until('what failed is tried twice', () => (got['/fails'] ?? []).length >= 2)
    const fails = got['/fails'], gap = fails[1].at - fails[0].at
    ok(gap >= 5000, 'a failure is tried again after five seconds', `${gap} ms`)
    const waits = outbox(server, 'fails').find((d) => d.attempts === 2)
    const due = new Date(waits.due_at) - fails[1].at
    ok(due >= 300_000 && due <= 330_000 + PATIENCE_MS, 'and then after five minutes', `${due} ms`)

    await until('who hangs is hung up on', () => outbox(server, 'hangs').some((d) => d.attempts === 1 || d.state === 'done'))
    await until('and tried again', () => (got['/hangs'] ?? []).length >= 3)
    ok(got['/hangs'].length === 3, 'who hangs holds up nobody else, and gets it later')

    await until('the redirection is answered', () => outbox(server, 'leads-home').some((d) => /redirection/.test(d.error ?? '')))
    ok(!got['/secret'], 'a redirection to this machine is not followed')

    hooks.closeAllConnections()
    hooks.close()
    await new Promise((done) => mail.close(done))
})
