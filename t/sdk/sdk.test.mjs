// sdk.test.mjs - the libraries of Segment and RudderStack, unchanged, against a real server: 10,000 events
// each, over a line that loses answers, with the server killed (SIGKILL) and started again in the middle.
// Every event must be stored exactly once.  usage: node sdk.test.mjs HEED [EVENTS]
import http from 'node:http'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Analytics } from '@segment/analytics-node'
import RudderAnalytics from '@rudderstack/rudder-sdk-node'
import { ok, tell } from '../server.mjs'

const heed = resolve(process.argv[2] ?? 'build/release/heed')
const EVENTS = Number(process.argv[3] ?? 10_000)
const LOSE_EACH = 41          // of so many answers, one never reaches the sender
const KINDS = ['track', 'track', 'track', 'track', 'identify', 'page', 'screen', 'group', 'alias']

// ---- the line: hands requests on, and now and then loses an answer that was given ----

function openLine(to, counts, afterAnswer) {
    const line = http.createServer((req, res) => {
        const onward = http.request({ host: '127.0.0.1', port: to, method: req.method, path: req.url, headers: req.headers })
        onward.on('error', () => res.destroy())
        onward.on('response', (answer) => {
            counts[answer.statusCode] = (counts[answer.statusCode] ?? 0) + 1
            if (answer.statusCode === 200) afterAnswer()
            if (answer.statusCode === 200 && counts[200] % LOSE_EACH === 0) {
                counts.lost++
                answer.resume().on('end', () => res.destroy())
                return
            }
            res.writeHead(answer.statusCode, answer.headers)
            answer.pipe(res)
            answer.on('error', () => res.destroy())
        })
        req.on('error', () => onward.destroy())
        req.pipe(onward)
    })
    return new Promise((done) => line.listen(0, '127.0.0.1', () => done(line)))
}

// ---- the two libraries ----

function call(i) {
    const who = { userId: `user-${i % 500}`, timestamp: new Date(Date.UTC(2026, 0, 1) + i * 60_000) }
    const kind = KINDS[i % KINDS.length]
    switch (kind) {
    case 'track':
        return [kind, { ...who, event: 'order_paid', properties: { revenue: i % 90, currency: 'EUR', nps: i % 11, comment: `order ${i}`,
            cart: { items: i % 5, list: [1, 2] } } }]
    case 'identify': return [kind, { ...who, traits: { plan: 'gold', age: i % 80 } }]
    case 'page': return [kind, { ...who, name: `page ${i % 7}`, properties: { path: `/${i % 7}` } }]
    case 'screen': return [kind, { ...who, name: `screen ${i % 7}`, properties: {} }]
    case 'group': return [kind, { ...who, groupId: `team-${i % 9}`, traits: { seats: i % 9 } }]
    case 'alias': return [kind, { userId: who.userId, previousId: `guest-${i}`, timestamp: who.timestamp }]
    }
    throw new Error(kind)
}

const libraries = {
    async segment(host, writeKey, sent) {
        const failures = []
        const analytics = new Analytics({ host, writeKey, flushInterval: 200, maxRetries: 60 })
        analytics.on('error', (e) => failures.push(e.reason ?? e))
        for (let i = 0; i < EVENTS; i++) {
            const [kind, message] = call(i)
            analytics[kind](message, (error, context) => error ? failures.push(error) : sent.add(context.event.messageId))
            if (i % 500 === 499) await sleep(20)
        }
        await analytics.closeAndFlush({ timeout: 240_000 })
        return failures
    },
    async rudder(host, writeKey, sent) {
        const failures = []
        const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: host, flushInterval: 200, retryCount: 12, logLevel: 'silly',
            errorHandler: (e) => failures.push(e) })
        analytics.logger.error = () => {}   // each retry would be told
        for (let i = 0; i < EVENTS; i++) {
            const [kind, message] = call(i)
            const messageId = `own-${i}`
            analytics[kind]({ ...message, messageId }, (error) => error ? failures.push(error) : sent.add(messageId))
            if (i % 200 === 199) await analytics.flush()
        }
        while (sent.size + failures.length < EVENTS) {
            await analytics.flush()
            await sleep(20)
        }
        return failures
    },
}

// ---- one library's story ----

async function stored(server, key, source) {
    const where = encodeURIComponent(`source = '${source}'`)
    const answer = await fetch(`${server.url}/api/v1/export?what=voices&format=jsonl&where=${where}`,
        { headers: { authorization: `Bearer ${key}` } })
    const lines = (await answer.text()).split('\n').filter(Boolean)
    return lines.map((line) => JSON.parse(line).external_id)
}

async function story(name, server) {
    const sent = new Set(), counts = { lost: 0 }
    const writeKey = server.key(name, 'signals.write'), reader = server.key(`${name} reader`, 'export signals.read')
    let answers = 0, restart
    const line = await openLine(server.port, counts, () => {
        if (++answers !== 120) return
        restart = server.end('SIGKILL').then(() => sleep(300)).then(() => server.start())
    })
    const failures = await libraries[name](`http://127.0.0.1:${line.address().port}`, writeKey, sent)
    await restart
    line.close()
    line.closeAllConnections()
    console.log(`# ${name}: ${sent.size} events, answers ${JSON.stringify(counts)}`)
    ok(failures.length === 0, `${name}: every event is delivered in the end`, String(failures[0]))
    ok(restart !== undefined && counts.lost > 0, `${name}: the server was killed, and ${counts.lost} answers were lost`)
    const ids = await stored(server, reader, name)
    const unique = new Set(ids)
    ok(sent.size === EVENTS && [...sent].every((id) => unique.has(id)), `${name}: ${EVENTS} events sent, each is stored`,
        `${sent.size} sent, ${unique.size} stored`)
    ok(ids.length === EVENTS && unique.size === EVENTS, `${name}: none is stored twice`, `${ids.length} rows, ${unique.size} names`)
}

await tell(heed, async (server) => {
    await server.start()
    for (const name of Object.keys(libraries)) await story(name, server)
})
process.exit()
