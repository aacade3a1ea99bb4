// openapi.test.mjs - the API does what its description says: every operation is asked on a running server, and
// every answer must have a described status, media type and shape, with no member that is not described.
// The description itself is linted by Redocly.  usage: node openapi.test.mjs HEED
import { execFileSync, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { ok, tell } from '../server.mjs'

const heed = resolve(process.argv[2] ?? 'build/release/heed')
const here = dirname(fileURLToPath(import.meta.url))
const RIGHTS = 'signals.read signals.write metrics.read metrics.write tickets.read tickets.write rules.read rules.write export ' +
    'measures.read measures.write users.write keys.write audit.read originals.read taxonomy.write'

// ---- the description ----

// What is not described may not be there: a member that nobody wrote down is a finding.
function close(schema) {
    if (Array.isArray(schema)) return schema.forEach(close)
    if (schema === null || typeof schema !== 'object') return
    if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false
    Object.values(schema).forEach(close)
}

class Description {
    constructor(doc) {
        this.doc = structuredClone(doc)
        close(this.doc.components.schemas)
        this.ajv = new Ajv2020({ strict: false, allErrors: true })
        addFormats(this.ajv)
        this.ajv.addSchema({ $id: 'heed:api', ...this.doc })
        this.operations = Object.entries(this.doc.paths).flatMap(([path, methods]) =>
            Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation, seen: new Set(),
                pattern: new RegExp(`^${path.replace(/\{[^}]*\}/g, '[^/]+')}$`) })))
    }
    find(method, path) {
        const all = this.operations.filter((o) => o.method === method && o.pattern.test(path))
        return all.find((o) => o.path === path) ?? all[0]
    }
    response(operation, status) {
        const r = operation.responses[status]
        return r?.$ref ? this.doc.components.responses[r.$ref.split('/').at(-1)] : r
    }
    fault(schema, value) {
        const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"heed:api#/components'))
        const fits = this.ajv.compile(absolute)
        return fits(value) ? '' : this.ajv.errorsText(fits.errors.slice(0, 3)) + ' ' + JSON.stringify(fits.errors[0].params)
    }
}

// ---- asking ----

class Asker {
    constructor(server, description) {
        this.server = server
        this.description = description
        this.faults = []
        this.asked = 0
    }
    fault(what) { this.faults.push(what) }
    // Sends, compares with the description, gives back {status, body, fields}.
    async ask(want, method, path, { as = this.fields, json, raw, type, headers } = {}) {
        const known = this.description.find(method, path.split('?')[0])
        const name = `${method} ${path.slice(0, 80)} ${want}`
        const body = json === undefined ? raw : JSON.stringify(json)
        const sent = { ...as, ...headers, ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }) }
        const answer = await fetch(this.server.url + path, { method, headers: sent, body })
        const text = await answer.text()
        this.asked++
        if (answer.status !== want) this.fault(`${name}: ${answer.status} ${text.slice(0, 300)}`)
        if (!known) return this.fault(`${name}: not described`)
        known.seen.add(answer.status)
        if (json !== undefined && answer.status < 300) this.request(known, name, type ?? 'application/json', json)
        return { status: answer.status, headers: answer.headers, body: this.answer(known, name, answer, text) }
    }
    request(known, name, type, json) {
        const schema = known.operation.requestBody?.content[type]?.schema
        const fault = schema ? this.description.fault(schema, json) : 'its body is not described'
        if (fault) this.fault(`${name}, the request: ${fault}`)
    }
    answer(known, name, answer, text) {
        const told = this.description.response(known.operation, answer.status)
        const type = (answer.headers.get('content-type') ?? '').split(';')[0]
        if (!told) return this.fault(`${name}: the status ${answer.status} is not described`)
        if (!told.content) return text && this.fault(`${name}: a body that is not described`)
        if (!told.content[type]) return this.fault(`${name}: the type ${type} is not described`)
        if (!type.includes('json') || type.endsWith('jsonl')) return text
        const body = JSON.parse(text), fault = this.description.fault(told.content[type].schema, body)
        if (fault) this.fault(`${name}: ${fault}`)
        return body
    }
}

// ---- what is asked ----

const PASSWORD = 'nine white horses'

async function setUp(a, token) {
    await a.ask(200, 'GET', '/api/v1/setup')
    await a.ask(403, 'POST', '/api/v1/setup', { json: { token: 'wrong', name: 'ann', password: PASSWORD } })
    const made = await a.ask(201, 'POST', '/api/v1/setup', { json: { token, name: 'ann', title: 'Ann', password: PASSWORD } })
    await a.ask(401, 'POST', '/api/v1/session', { json: { name: 'ann', password: 'something else' } })
    const inside = await a.ask(201, 'POST', '/api/v1/session', { json: { name: 'ann', password: PASSWORD } })
    const cookie = inside.headers.get('set-cookie').split(';')[0]
    return { first: made.body, fields: { cookie, 'x-heed-csrf': inside.body.csrf } }
}

function code(base32) {
    const bits = [...base32].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
    const secret = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
    const step = Buffer.alloc(8)
    step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
    const mac = createHmac('sha1', secret).update(step).digest()
    return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

async function themselves(a) {
    await a.ask(200, 'GET', '/api/v1/session')
    const factor = await a.ask(200, 'POST', '/api/v1/session/totp', { json: { password: PASSWORD } })
    await a.ask(403, 'POST', '/api/v1/session/totp/confirm', { json: { code: '000000' } })
    const recovery = await a.ask(200, 'POST', '/api/v1/session/totp/confirm', { json: { code: code(factor.body.secret) } })
    await a.ask(204, 'POST', '/api/v1/session/totp/off', { json: { password: PASSWORD, totp: recovery.body.recovery[0] } })
    await a.ask(204, 'POST', '/api/v1/session/password', { json: { old: PASSWORD, new: 'ten white horses' } })
}

async function waysOut(a) {
    await a.ask(200, 'GET', '/api/v1/ways')
    const made = await a.ask(201, 'POST', '/api/v1/endpoints', { json: { name: 'ops', way: 'webhook', address: 'https://hooks.invalid/in' } })
    await a.ask(403, 'POST', '/api/v1/endpoints', { json: { name: 'near', way: 'webhook', address: 'http://127.0.0.1:9/' } })
    await a.ask(400, 'POST', '/api/v1/endpoints', { json: { name: 'x', way: 'pigeon', address: 'https://hooks.invalid/' } })
    await a.ask(200, 'GET', '/api/v1/endpoints')
    const path = `/api/v1/endpoints/${made.body.endpoint.id}`
    const rule = { name: 'tell-ops', condition: "touchpoint = 'counter'", action: 'send', params: { to: 'ops' }, enabled: true }
    const told = await a.ask(201, 'POST', '/api/v1/rules', { json: rule })
    await a.ask(200, 'POST', '/api/v1/signals', { json: { source: 'ways', external_id: '1', touchpoint: 'counter', words: 'a long queue' } })
    await a.ask(200, 'PATCH', `/api/v1/rules/${told.body.id}`, { json: { enabled: false } })
    for (let i = 0; i < 600; i++) { // until nobody was found at that address
        const { body } = await a.ask(200, 'GET', '/api/v1/outbox?endpoint=ops')
        if (body.deeds[0]?.attempts > 0) break
        await new Promise((r) => setTimeout(r, 100))
    }
    await a.ask(200, 'PATCH', path, { json: { enabled: false } })
    const waits = await a.ask(200, 'GET', '/api/v1/outbox?endpoint=ops')
    await a.ask(200, 'POST', `/api/v1/outbox/${waits.body.deeds[0].id}/again`)
    await a.ask(409, 'DELETE', path)
    const idle = await a.ask(201, 'POST', '/api/v1/endpoints', { json: { name: 'idle', way: 'slack', address: 'https://hooks.invalid/in' } })
    await a.ask(204, 'DELETE', `/api/v1/endpoints/${idle.body.endpoint.id}`)
    await a.ask(409, 'PATCH', path, { json: { name: 'other' } })
    await a.ask(200, 'POST', `${path}/test`)
    await a.ask(200, 'POST', `${path}/resume`)
    a.server.run('endpoint', 'add', 'relay', '--way', 'webhook', '--address', 'http://127.0.0.1:9/', '--near')
    const { body: all } = await a.ask(200, 'GET', '/api/v1/endpoints')
    const relay = `/api/v1/endpoints/${all.endpoints.find((x) => x.endpoint.name === 'relay').endpoint.id}`
    await a.ask(200, 'PATCH', relay, { json: { enabled: false } })
    await a.ask(403, 'PATCH', relay, { json: { address: 'http://169.254.169.254/' } }) // it was allowed for its own address only
    await a.ask(200, 'GET', '/api/v1/outbox?state=failed')
    await a.ask(404, 'POST', '/api/v1/outbox/999/again')
    await a.ask(200, 'GET', '/api/v1/contact-policy')
    await a.ask(200, 'PATCH', '/api/v1/contact-policy', { json: { most: 2, days: 7 } })
    await a.ask(400, 'PATCH', '/api/v1/contact-policy', { json: { days: null } })
    await a.ask(204, 'POST', '/api/v1/optouts', { json: { address: 'gone@mail.invalid' } })
}

async function people(a) {
    const bob = { name: 'bob', title: null, role: 'analyst', password: PASSWORD }
    const made = await a.ask(201, 'POST', '/api/v1/users', { json: bob })
    await a.ask(409, 'POST', '/api/v1/users', { json: bob })
    await a.ask(400, 'POST', '/api/v1/users', { json: { name: 'eve' } })
    const path = `/api/v1/users/${made.body.id}`
    await a.ask(200, 'GET', path)
    await a.ask(200, 'PATCH', path, { json: { role: 'manager', enabled: false } })
    await a.ask(412, 'PATCH', path, { json: { title: 'Bob' }, headers: { 'if-match': '"old"' } })
    await a.ask(404, 'DELETE', `${path}/totp`)
    await a.ask(404, 'GET', '/api/v1/users/999')
    await a.ask(200, 'GET', '/api/v1/users')
    await a.ask(200, 'GET', '/api/v1/roles')
    const part = await a.ask(201, 'POST', '/api/v1/departments', { json: { name: 'lab', title: 'Laboratory' } })
    await a.ask(409, 'POST', '/api/v1/departments', { json: { name: 'lab' } })
    await a.ask(200, 'PATCH', `/api/v1/departments/${part.body.id}`, { json: { title: null } })
    await a.ask(200, 'GET', '/api/v1/departments')
    await waysOut(a)
    await views(a)
    const key = await a.ask(201, 'POST', '/api/v1/keys', { json: { name: 'till', scopes: 'signals.write', expires_at: null } })
    await a.ask(400, 'POST', '/api/v1/keys', { json: { name: 'till', scopes: 'moon.walk' } })
    await a.ask(200, 'GET', '/api/v1/keys')
    await a.ask(204, 'DELETE', `/api/v1/keys/${key.body.key.id}`)
    await a.ask(404, 'DELETE', `/api/v1/keys/${key.body.key.id}`)
    await a.ask(200, 'GET', '/api/v1/audit?limit=3')
    await a.ask(200, 'GET', `/api/v1/audit?where=${encodeURIComponent("noun = 'key' and at >= 2026-01-01")}`)
}

async function factorOfAnother(a) {
    const eve = await a.ask(201, 'POST', '/api/v1/users', { json: { name: 'eve', role: 'analyst', password: PASSWORD } })
    const inside = await a.ask(201, 'POST', '/api/v1/session', { as: {}, json: { name: 'eve', password: PASSWORD } })
    const as = { cookie: inside.headers.get('set-cookie').split(';')[0], 'x-heed-csrf': inside.body.csrf }
    const factor = await a.ask(200, 'POST', '/api/v1/session/totp', { as, json: { password: PASSWORD } })
    const { body } = await a.ask(200, 'POST', '/api/v1/session/totp/confirm', { as, json: { code: code(factor.body.secret) } })
    await a.ask(409, 'POST', '/api/v1/session/totp', { as, json: { password: PASSWORD, totp: body.recovery[0] } })
    await a.ask(204, 'DELETE', `/api/v1/users/${eve.body.id}/totp`)
    await a.ask(403, 'GET', '/api/v1/users', { as })
    await a.ask(204, 'DELETE', '/api/v1/session', { as })
}

async function dashboards(a) {
    const json = { name: 'mine', shared: true, tiles: [{ title: 'NPS', question: 'metric=nps' }] }
    const made = await a.ask(201, 'POST', '/api/v1/dashboards', { json })
    const path = `/api/v1/dashboards/${made.body.id}`
    await a.ask(200, 'GET', '/api/v1/dashboards')
    await a.ask(200, 'GET', path)
    await a.ask(304, 'GET', path, { headers: { 'if-none-match': made.headers.get('etag') } })
    await a.ask(200, 'PATCH', path, { json: { tiles: [] } })
    await a.ask(412, 'PATCH', path, { json: { tiles: [] }, headers: { 'if-match': '"old"' } })
    await a.ask(400, 'PATCH', path, { json: { colour: 1 } })
    await a.ask(204, 'DELETE', path)
    await a.ask(404, 'DELETE', path)
}

async function signals(a) {
    const one = { source: 'app', external_id: '1', occurred_at: '2026-03-01T10:00:00Z', channel: 'review', words: 'The parcel came late',
        'score:nps': 3, amount: 12.5, currency: 'EUR', attributes: { city: 'Lund', age: 7, member: true, none: null } }
    await a.ask(200, 'POST', '/api/v1/signals', { json: one })
    await a.ask(200, 'POST', '/api/v1/signals', { json: [one, { words: 'again' }], headers: { 'idempotency-key': 'k' } })
    await a.ask(409, 'POST', '/api/v1/signals', { json: one, headers: { 'idempotency-key': 'k' } })
    await a.ask(207, 'POST', '/api/v1/signals', { raw: '{"words":"a"}\n{broken', type: 'application/x-ndjson' })
    await a.ask(400, 'POST', '/api/v1/signals', { raw: '[' })
    await a.ask(415, 'POST', '/api/v1/signals', { raw: 'x', headers: { 'content-encoding': 'br' } })
    const call = { userId: 'u', messageId: 'm', timestamp: '2026-03-01T10:00:00Z' }
    for (const kind of ['identify', 'page', 'screen', 'group', 'alias'])
        await a.ask(200, 'POST', `/v1/${kind}`, { json: { ...call, messageId: kind, properties: { nps: 9 } } })
    await a.ask(200, 'POST', '/v1/track', { json: { ...call, event: 'paid', properties: { revenue: 3, currency: 'EUR' } } })
    await a.ask(400, 'POST', '/v1/track', { json: call })
    await a.ask(200, 'POST', '/v1/batch', { json: { batch: [{ ...call, type: 'page', messageId: 'b' }, { type: 'page', messageId: 'c' }] } })
}

const where = (text) => `where=${encodeURIComponent(text)}`

async function questions(a) {
    for (const question of ['metric=nps', 'metric=nps&by=channel,month', 'metric=mean:amount&by=city', 'metric=share:channel=call',
        'metric=topbox:score:nps:2', `metric=count&by=sentiment&${where("words ~ 'a'")}`, 'metric=csat&min_n=100000'])
        await a.ask(200, 'GET', `/api/v1/tally?${question}`)
    await a.ask(200, 'POST', '/api/v1/tally', { json: { metric: 'nps', by: 'channel', zone: 'Asia/Shanghai' } })
    await a.ask(200, 'POST', '/api/v1/tally', { json: { metric: 'nps', by: 'channel', weight: 'score:nps' } })
    await a.ask(200, 'POST', '/api/v1/tally', { json: { metric: 'distinct' } })
    await a.ask(200, 'POST', '/api/v1/tally', { json: { metric: 'nps', by: 'channel', where: "sentiment = 'negative'", versus: "sentiment = 'positive'", top: 2 } })
    await a.ask(400, 'POST', '/api/v1/tally', { json: { metric: 'nps', top: 0 } })
    await a.ask(400, 'GET', '/api/v1/tally?metric=nps&by=chanel')
    await a.ask(400, 'GET', '/api/v1/tally?metric=nps&colour=red')
    for (const [kind, more] of Object.entries({ funnel: { steps: ['paid', 'later := true'], window: '9d', by: 'channel' }, follows: {}, paths: { length: 2 },
        variants: { activities: ['any := true'] }, cohort: { unit: 'week' }, repurchase: { within: '90d', unit: 'month' }, sessions: { gap: '1h' },
        stages: { stages: [{ name: 'all', where: 'true' }] } }))
        await a.ask(200, 'POST', '/api/v1/walk', { json: { kind, case: 'source', ...more } })
    await a.ask(400, 'POST', '/api/v1/walk', { raw: '{"kind":"fly"}' })
    for (const question of ['metric=nps', 'metric=nps&from=2026-03', `metric=nps&by=channel,city&against=${encodeURIComponent("channel = 'call'")}`, 'metric=mean:score:nps&from=2026-01-01&to=2026-06-30&against=2025-06-01..2025-12-31&lang=zh-CN'])
        await a.ask(200, 'GET', `/api/v1/why?${question}`)
    await a.ask(400, 'GET', '/api/v1/why?metric=nps&from=2026-03-01')
    await a.ask(400, 'GET', '/api/v1/why?metric=quantile:score:nps')
    await a.ask(200, 'GET', `/api/v1/drivers?outcome=${encodeURIComponent('is:score:nps >= 9')}&with=${encodeURIComponent('is:words is not missing')}&rounds=50`)
    await a.ask(400, 'GET', '/api/v1/drivers?outcome=nothing')
    await a.ask(400, 'GET', '/api/v1/drivers')
    await a.ask(200, 'GET', '/api/v1/pains?limit=5')
    await a.ask(200, 'GET', '/api/v1/delights?limit=5&lang=zh-CN&score=score:csat')
    await a.ask(200, 'GET', '/api/v1/columns')
    await a.ask(200, 'GET', '/api/v1/values?column=city&limit=3')
    await a.ask(200, 'GET', '/api/v1/values?column=score:nps')
    await a.ask(400, 'GET', '/api/v1/values')
    await a.ask(200, 'GET', '/api/v1/metrics-list')
    await a.ask(200, 'GET', '/api/v1/taxonomy')
    await a.ask(200, 'GET', '/api/v1/sources')
    await a.ask(200, 'GET', '/api/v1/openapi.json')
    const { methods } = (await a.ask(200, 'GET', '/api/v1/calc')).body
    for (const m of methods) await a.ask(200, 'POST', `/api/v1/calc/${m.name}`, { json: m.example })
    await a.ask(404, 'POST', '/api/v1/calc/none', { json: {} })
    for (let page = 0, cursor = ''; page < 3; page++)
        cursor = (await a.ask(200, 'GET', `/api/v1/voices?limit=200&cursor=${cursor}`)).body.next_cursor
    await a.ask(400, 'GET', '/api/v1/voices?cursor=x')
    await a.ask(200, 'GET', '/api/v1/signals/1')
    await a.ask(200, 'GET', '/api/v1/signals/1?original=1')
    await a.ask(404, 'GET', '/api/v1/signals/99999999')
    await a.ask(200, 'GET', '/api/v1/export?what=voices')
    await a.ask(200, 'GET', '/api/v1/export?what=tally&metric=nps&by=channel&format=jsonl')
    await a.ask(200, 'GET', '/api/v1/export?what=tally&metric=nps&by=channel&format=xlsx')
    await a.ask(400, 'GET', '/api/v1/export?what=voices&format=xlsx')
    await a.ask(401, 'GET', '/api/v1/voices', { as: {} })
}

async function shelf(a, at, wish, change) {
    const made = await a.ask(201, 'POST', at, { json: wish })
    await a.ask(200, 'GET', at)
    await a.ask(400, 'POST', at, { json: { ...wish, name: 'other', nonsense: 1 } })
    await a.ask(200, 'PATCH', `${at}/${made.body.id}`, { json: change })
    await a.ask(412, 'PATCH', `${at}/${made.body.id}`, { json: change, headers: { 'if-match': '"old"' } })
    await a.ask(204, 'DELETE', `${at}/${made.body.id}`)
    await a.ask(404, 'DELETE', `${at}/${made.body.id}`)
}

async function cases(a, path, list) {
    await a.ask(200, 'GET', `${path}/history`)
    await a.ask(200, 'POST', `${path}/events`, { json: { kind: 'comment', text: 'called twice' } })
    await a.ask(200, 'POST', `${path}/events`, { json: { kind: 'contact', way: 'phone', text: 'said sorry' } })
    await a.ask(400, 'POST', `${path}/events`, { json: { kind: 'step', step: 99 } })
    await a.ask(200, 'PATCH', path, { json: { state: 'open' } })
    await a.ask(200, 'POST', `${path}/merge`, { json: { from: [list[1].id] } })
    await a.ask(409, 'POST', `${path}/merge`, { json: { from: [list[1].id] } })
    await a.ask(200, 'POST', '/api/v1/tickets/bulk', { json: { ids: [list[1].id, list[2].id], change: { priority: 'high' } } })
    await a.ask(400, 'POST', '/api/v1/tickets/bulk', { json: { ids: [], change: {} } })
    await a.ask(200, 'GET', '/api/v1/cases/report?by=department')
    await a.ask(400, 'GET', '/api/v1/cases/report?by=weather')
    await a.ask(200, 'GET', '/api/v1/cases/scorecard')
    await shelf(a, '/api/v1/calendars', { name: 'office', zone: 'Asia/Shanghai', hours: 'mon-fri 09:00-18:00' }, { title: 'Office' })
    await shelf(a, '/api/v1/playbooks', { name: 'late', steps: 'Find it\nCall' }, { title: 'Late parcel' })
}

async function views(a) {
    const made = await a.ask(201, 'POST', '/api/v1/views', { json: { name: 'Urgent ones', condition: "priority = 'urgent'" } })
    await a.ask(400, 'POST', '/api/v1/views', { json: { name: 'Odd ones', condition: 'priority =' } })
    await a.ask(200, 'GET', '/api/v1/views')
    await a.ask(200, 'PATCH', `/api/v1/views/${made.body.id}`, { json: { shared: true } })
    await a.ask(204, 'DELETE', `/api/v1/views/${made.body.id}`)
    await a.ask(404, 'DELETE', `/api/v1/views/${made.body.id}`)
}

async function deeds(a) {
    const list = await a.ask(200, 'GET', `/api/v1/tickets?limit=50&${where("state = 'open'")}`)
    const path = `/api/v1/tickets/${list.body.tickets[0].id}`
    const one = await a.ask(200, 'GET', path)
    await a.ask(409, 'PATCH', path, { json: { state: 'closed' } })
    await a.ask(200, 'PATCH', path, { json: { state: 'closed', outcome: 'explained' }, headers: { 'if-match': one.headers.get('etag') } })
    await cases(a, path, list.body.tickets)
    await a.ask(412, 'PATCH', path, { json: { note: 'x' }, headers: { 'if-match': one.headers.get('etag') } })
    const rule = { name: 'low', condition: 'score:nps <= 1', action: 'ticket', params: { department: 'lab', due: '4h' }, enabled: true }
    const made = await a.ask(201, 'POST', '/api/v1/rules', { json: rule })
    await a.ask(409, 'POST', '/api/v1/rules', { json: rule })
    await a.ask(400, 'POST', '/api/v1/rules', { json: { ...rule, condition: 'score:nps <' } })
    const at = `/api/v1/rules/${made.body.id}`
    await a.ask(200, 'GET', '/api/v1/rules')
    await a.ask(200, 'GET', at)
    await a.ask(200, 'PATCH', at, { json: { enabled: false } })
    await a.ask(412, 'PATCH', at, { json: { enabled: true }, headers: { 'if-match': '"old"' } })
    await a.ask(200, 'GET', `${at}/versions`)
    await a.ask(200, 'POST', `${at}/rollback`, { json: { version: 1 } })
    await a.ask(404, 'POST', `${at}/rollback`, { json: { version: 99 } })
    await a.ask(200, 'POST', '/api/v1/rules/findings', { json: { ...rule, name: 'same' } })
    await a.ask(200, 'GET', '/api/v1/rules/explain?signal=1')
    await a.ask(404, 'GET', '/api/v1/rules/explain?signal=99999999')
    await a.ask(200, 'POST', '/api/v1/rules/simulate', { json: { ...rule, name: 'new one' } })
    const fact = await a.ask(201, 'POST', '/api/v1/facts', { json: { name: 'often', kind: 'count', within: '7d' } })
    await a.ask(200, 'GET', '/api/v1/facts')
    await a.ask(400, 'POST', '/api/v1/facts', { json: { name: 'bad', kind: 'count', within: 'soon' } })
    await a.ask(204, 'DELETE', `/api/v1/facts/${fact.body.id}`)
    await a.ask(200, 'POST', '/api/v1/rules/try', { json: { condition: 'score:nps <= 4' } })
    await a.ask(204, 'DELETE', at)
    await a.ask(404, 'GET', at)
}

async function measures(a) {
    const wish = { name: 'letter', lever: 'service', design: 'trial', outcome: 'nps', treated: "channel = 'call'", control: "channel = 'web'",
        starts_at: '2026-01-01', ends_at: '2026-03-01', cost: 900, margin: 0.5, signs_needed: 'finance' }
    const made = await a.ask(201, 'POST', '/api/v1/measures', { json: wish })
    await a.ask(409, 'POST', '/api/v1/measures', { json: wish })
    await a.ask(400, 'POST', '/api/v1/measures', { json: { ...wish, name: 'x', outcome: 'median:nps' } })
    const at = `/api/v1/measures/${made.body.id}`
    await a.ask(200, 'GET', '/api/v1/measures')
    await a.ask(200, 'GET', at)
    await a.ask(409, 'PATCH', at, { json: { verdict: 'effective' } })
    await a.ask(409, 'POST', `${at}/start`)
    await a.ask(409, 'POST', `${at}/evaluate`)
    await a.ask(200, 'POST', `${at}/sign`, { json: { as: 'finance' } })
    await a.ask(200, 'GET', `${at}/effect`)
    await a.ask(200, 'GET', `${at}/arm?unit=c-17`)
    await a.ask(200, 'POST', `${at}/start`)
    await a.ask(409, 'PATCH', at, { json: { outcome: 'mean:score:csat' } })
    await a.ask(200, 'PATCH', at, { json: { owner: 'somebody' } })
    await a.ask(200, 'POST', `${at}/evaluate`)
    await a.ask(409, 'PATCH', at, { json: { verdict: 'harmful' } })
    await a.ask(200, 'GET', '/api/v1/rox')
}

async function figures(a) {
    const wish = { name: 'nps-call', formula: 'nps', population: "channel = 'call'", window_days: 2000, quality: ['n >= 100', 'age <= 7d'],
        title: { en: 'Calls', 'zh-CN': '热线', 'zh-TW': '熱線' }, better: 'up' }
    await a.ask(201, 'POST', '/api/v1/metrics', { json: wish })
    await a.ask(409, 'POST', '/api/v1/metrics', { json: wish })
    await a.ask(400, 'POST', '/api/v1/metrics', { json: { ...wish, name: 'x', formula: 'npss' } })
    await a.ask(400, 'POST', '/api/v1/metrics', { json: { ...wish, name: 'x', quality: ['missing'] } })
    const at = '/api/v1/metrics/nps-call'
    const one = await a.ask(200, 'GET', at)
    await a.ask(200, 'GET', `/api/v1/metrics/${one.body.definition}`)
    await a.ask(404, 'GET', '/api/v1/metrics/0123456789abcdef')
    await a.ask(200, 'PATCH', at, { json: { minimum_n: 10 }, headers: { 'if-match': one.headers.get('etag') } })
    await a.ask(412, 'PATCH', at, { json: { minimum_n: 11 }, headers: { 'if-match': one.headers.get('etag') } })
    await a.ask(200, 'GET', '/api/v1/metrics')
    await a.ask(200, 'GET', `${at}/history`)
    await a.ask(200, 'GET', `${at}/value`)
    await a.ask(200, 'GET', `/api/v1/metrics/${encodeURIComponent('share:sentiment=negative')}/value?by=channel`)
    await a.ask(400, 'GET', '/api/v1/metrics/nothing/value')
    await a.ask(200, 'GET', `${at}/trend?unit=month`)
    await a.ask(400, 'GET', `${at}/trend?unit=channel`)
    const root = await a.ask(201, 'POST', '/api/v1/goals', { json: { name: 'love', kind: 'kgi', metric: 'nps', target: 40, target_at: '2030-01-01', relation: 'mix(touchpoint)' } })
    const kpi = await a.ask(201, 'POST', '/api/v1/goals', { json: { name: 'calls', kind: 'kpi', parent_id: root.body.id, metric: 'nps-call', forecast: 'holt' } })
    await a.ask(400, 'POST', '/api/v1/goals', { json: { name: 'odd', kind: 'kpi', metric: 'npss' } })
    await a.ask(200, 'GET', '/api/v1/goals?days=90')
    const goal = `/api/v1/goals/${kpi.body.id}`
    const seen = await a.ask(200, 'GET', goal)
    await a.ask(200, 'PATCH', goal, { json: { target: 30 }, headers: { 'if-match': seen.headers.get('etag') } })
    await a.ask(412, 'PATCH', goal, { json: { target: 31 }, headers: { 'if-match': seen.headers.get('etag') } })
    await a.ask(409, 'DELETE', `/api/v1/goals/${root.body.id}`)
    await a.ask(204, 'DELETE', goal)
}

async function alerts(a) {
    const wish = { name: 'calls', what: 'volume', population: "channel = 'call'", chart: 'shewhart', since: '2026-01-10', arl: 100 }
    const made = await a.ask(201, 'POST', '/api/v1/watches', { json: wish })
    await a.ask(409, 'POST', '/api/v1/watches', { json: wish })
    await a.ask(400, 'POST', '/api/v1/watches', { json: { ...wish, name: 'x', what: 'median' } })
    const at = `/api/v1/watches/${made.body.id}`
    await a.ask(200, 'GET', '/api/v1/watches')
    await a.ask(200, 'GET', at)
    await a.ask(200, 'GET', `${at}/chart?days=400`)
    await a.ask(200, 'POST', '/api/v1/watches/try?days=300', { json: { ...wish, name: 'y', chart: 'ewma', what: 'nps' } })
    await a.ask(200, 'PATCH', at, { json: { arl: 370 } })
    await a.ask(412, 'PATCH', at, { json: { arl: 200 }, headers: { 'if-match': '"old"' } })
    await a.ask(200, 'POST', `${at}/relearn`)
    await a.ask(404, 'GET', '/api/v1/watches/999')
    await a.ask(200, 'GET', '/api/v1/reports/month?month=2026-01&lang=en')
    await a.ask(400, 'GET', '/api/v1/reports/month?month=yesterday')
    await a.ask(200, 'GET', '/api/v1/alerts?state=open')
    await a.ask(404, 'GET', '/api/v1/alerts/999')
    for (const [deed, json] of [['acknowledge'], ['snooze', { for: '4h' }], ['verdict', { verdict: 'false', note: 'a test' }]])
        await a.ask(404, 'POST', `/api/v1/alerts/999/${deed}`, json ? { json } : {})
    await found(a)
}

// A flood is heard, the writer looks, and there is one alert.
async function found(a) {
    const signals = []
    const day = 86400000, now = Date.now()
    for (let i = 0; i < 60; i++)
        for (let k = 0; k < 4 + (i * 7) % 3; k++)
            signals.push({ source: 'flood', external_id: `p-${i}-${k}`, occurred_at: new Date(now - (i + 2) * day).toISOString(), channel: 'flood', event: 'contact' })
    await a.ask(200, 'POST', '/api/v1/signals', { json: signals })
    await a.ask(201, 'POST', '/api/v1/watches', { json: { name: 'flood', what: 'volume', population: "channel = 'flood'", chart: 'shewhart', side: 'up' } })
    const flood = Array.from({ length: 80 }, (_, k) => ({ source: 'flood', external_id: `f-${k}`, occurred_at: new Date(now).toISOString(), channel: 'flood', event: 'contact' }))
    await a.ask(200, 'POST', '/api/v1/signals', { json: flood })
    let list = []
    for (let i = 0; i < 600 && !list.length; i++) {
        list = (await a.ask(200, 'GET', '/api/v1/alerts?state=open')).body.alerts
        if (!list.length) await new Promise((r) => setTimeout(r, 100))
    }
    if (list.length !== 1) throw new Error(`a flood is ${list.length} alerts`)
    const at = `/api/v1/alerts/${list[0].id}`
    await a.ask(200, 'GET', at)
    await a.ask(200, 'POST', `${at}/acknowledge`)
    await a.ask(200, 'POST', `${at}/snooze`, { json: { for: '4h' } })
    await a.ask(400, 'POST', `${at}/snooze`, { json: { for: 'long' } })
    await a.ask(200, 'POST', `${at}/verdict`, { json: { verdict: 'true', note: 'a test' } })
    await a.ask(400, 'POST', `${at}/verdict`, { json: { verdict: 'perhaps' } })
}

async function files(a) {
    const raw = 'comment,when,stars\nfine,2026-01-01,5\n"late, again",2026-01-02,1\nodd,yesterday,3\n'
    const type = 'application/octet-stream'
    const made = await a.ask(201, 'POST', '/api/v1/imports?name=reviews.csv', { raw, type })
    await a.ask(400, 'POST', '/api/v1/imports?name=x.png', { raw: '\x89PNG\0\0\0', type })
    const path = `/api/v1/imports/${made.body.id}`
    await a.ask(200, 'POST', `${path}/plan`, { json: { map: { words: 'comment' }, set: { channel: 'review' } } })
    await a.ask(202, 'POST', `${path}/start`)
    for (let i = 0; i < 100 && !(await a.ask(200, 'GET', path)).body.finished; i++) await new Promise((r) => setTimeout(r, 50))
    await a.ask(409, 'POST', `${path}/start`)
    await a.ask(409, 'POST', `${path}/plan`, { json: {} })
    await a.ask(200, 'GET', `${path}/rejects`)
    await a.ask(200, 'GET', '/api/v1/imports')
    await a.ask(404, 'GET', '/api/v1/imports/999')
    const left = await a.ask(201, 'POST', '/api/v1/imports?name=other.csv', { raw: raw.replace('fine', 'good'), type })
    await a.ask(204, 'DELETE', `/api/v1/imports/${left.body.id}`)
}

async function models(a) {
    const words = ['then', 'there', 'today', 'we saw', 'it was', 'my', 'this']
    const examples = Array.from({ length: 60 }, (_, i) => ({ text: `${words[i % 7]} ${i % 2 ? 'parcel late courier' : 'charged twice on the bill'} ${words[Math.floor(i / 7) % 7]}`,
        label: i % 2 ? 'delivery' : 'billing' }))
    const made = await a.ask(201, 'POST', '/api/v1/models', { json: { task: 'topic', examples } })
    const at = `/api/v1/models/${made.body.model?.id ?? made.body.id ?? 1}`
    await a.ask(200, 'GET', '/api/v1/models')
    await a.ask(200, 'GET', at)
    await a.ask(200, 'POST', `${at}/ask`, { json: { text: 'where is my parcel' } })
    await a.ask(200, 'POST', `${at}/back`)
    await a.ask(409, 'POST', `${at}/back`)
    await a.ask(200, 'POST', `${at}/use`)
    await a.ask(404, 'GET', '/api/v1/models/999')
}

async function erasing(a) {
    const { voices } = (await a.ask(200, 'GET', `/api/v1/voices?limit=1&${where('customer is not missing')}`)).body
    await a.ask(200, 'POST', '/api/v1/erasures', { json: { customer: voices[0].customer } })
    await a.ask(404, 'POST', '/api/v1/erasures', { json: { customer: voices[0].customer } })
    await a.ask(400, 'POST', '/api/v1/erasures', { json: {} })
    await a.ask(200, 'GET', '/api/v1/erasures')
}

// A stream that does not end: its first event is enough.
async function events(a, key) {
    const stop = new AbortController(), known = a.description.find('GET', '/api/v1/events')
    const answer = await fetch(`${a.server.url}/api/v1/events`, { headers: { authorization: `Bearer ${key}` }, signal: stop.signal })
    known.seen.add(answer.status)
    const type = answer.headers.get('content-type').split(';')[0]
    if (!a.description.response(known.operation, answer.status).content[type]) a.fault(`events: ${type}`)
    stop.abort()
}

// ---- the description, read by Redocly ----

function lint(doc) {
    const file = join(here, 'node_modules', 'openapi.json')
    writeFileSync(file, JSON.stringify(doc))
    const run = spawnSync('npx', ['--no-install', 'redocly', 'lint', file, '--format=json', '--extends=recommended'], { cwd: here, encoding: 'utf8' })
    try {
        const { totals, problems } = JSON.parse(run.stdout.slice(run.stdout.indexOf('{')))
        ok(totals.errors === 0, `Redocly finds no error (${totals.warnings} warnings)`, JSON.stringify(problems.slice(0, 5)))
        ok(totals.warnings === 0, 'and nothing to warn of', JSON.stringify(problems.slice(0, 5)))
    } catch (e) {
        ok(false, 'Redocly reads the description', `${e.message} ${run.stdout} ${run.stderr}`)
    }
}

const doc = JSON.parse(execFileSync(heed, ['help', '--openapi'], { encoding: 'utf8' }))
ok(doc.openapi === '3.1.0', 'heed help --openapi prints the description')
lint(doc)
await tell(heed, async (server) => {
    server.run('demo', '--signals', '2500')
    await server.start('--rate', '0')
    const served = await (await fetch(`${server.url}/api/v1/openapi.json`)).json()
    ok(JSON.stringify(served) === JSON.stringify(doc), 'the server gives the same')
    const a = new Asker(server, new Description(doc))
    const whole = { id: 1, name: 'x', rights: 'y' }, schema = { $ref: '#/components/schemas/role' }
    ok(!a.description.fault(schema, whole) && a.description.fault(schema, { ...whole, more: 1 }) && a.description.fault(schema, { id: 1 }),
        'a member too many or too few is found')
    const person = await setUp(a, server.said().match(/setup#(\S+)/)[1])
    const key = server.key('tests', RIGHTS), program = { authorization: `Bearer ${key}` }
    for (const part of [people, dashboards, factorOfAnother]) {
        a.fields = person.fields
        await part(a)
    }
    for (const part of [signals, questions, deeds, measures, figures, alerts, models, files]) {
        a.fields = program
        await part(a)
    }
    await erasing(a)
    await events(a, key)
    a.fields = person.fields
    await themselves(a)
    await a.ask(403, 'DELETE', '/api/v1/session', { headers: { 'x-heed-csrf': 'x' } })
    await a.ask(204, 'DELETE', '/api/v1/session')
    ok(a.faults.length === 0, `${a.asked} answers are as described`, a.faults.join('\n# '))
    const silent = a.description.operations.filter((o) => ![...o.seen].some((s) => s < 300))
    ok(silent.length === 0, `each of the ${a.description.operations.length} operations was asked`,
        silent.map((o) => `${o.method} ${o.path}`).join(', '))
})
process.exit()
