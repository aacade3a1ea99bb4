// What the browser tests share: a server of our own over a store in a temporary folder, and a browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const heed = process.env.HEED ?? join(root, 'build/release/heed');
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const shots = process.env.HEED_SHOTS ?? join(root, 'build/shots');
export const locales = ['zh-CN', 'zh-TW', 'en'];
export const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
export const admin = { name: 'mei', title: 'Mei Lin', password: 'four quiet green herons' };

export function run(...args) {
  const r = spawnSync(heed, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (r.status !== 0) throw new Error(`heed ${args.join(' ')}: ${r.stderr}`);
  return r.stdout;
}

// A store (with the simulated company, unless demo is false) and a server on a free port over it.
export async function serve({ demo = true, signals = 3000 } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'heed-ui-'));
  const store = join(dir, 'heed.db');
  if (demo) run('demo', '--store', store, '--signals', String(signals), '--days', '200');
  const child = spawn(heed, ['serve', '--store', store, '--listen', '127.0.0.1:0', '--rate', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const link = await new Promise((done, fail) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const found = /http:\S+\/setup#\S+/.exec(said);
      if (found) done(found[0]);
    });
    child.on('exit', () => fail(new Error(`heed serve ended: ${said}`)));
    setTimeout(() => fail(new Error(`heed serve did not begin: ${said}`)), 120_000).unref();
  });
  const stop = async () => {
    const gone = new Promise((done) => child.once('exit', done));
    child.removeAllListeners('exit').once('exit', () => undefined);
    child.kill('SIGTERM');
    await Promise.race([gone, new Promise((done) => setTimeout(done, 30_000).unref())]);
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  };
  return { dir, store, base: new URL(link).origin, link, stop };
}

let one = null;
export const browser = () => one;

export async function browse() {
  if (!existsSync(browserPath)) throw new Error(`no browser at ${browserPath}: apt-get install chromium, or set CHROMIUM`);
  mkdirSync(shots, { recursive: true });
  one = await chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  return one;
}

// A file of reviews in sentences of our own, so that nobody's are needed.
export function ownFile(dir, name, records = 240) {
  const bad = ['The delivery was late again, I waited two weeks.', 'The strap broke after three days, poor quality.', 'Customer service was rude and did not help.'];
  const good = ['The fabric is soft and comfortable.', 'Delivery was fast, thank you!', 'The staff was friendly and helped me at once.'];
  const lines = ['review_id,date,rating,review_text'];
  for (let i = 0; i < records; i++) {
    const happy = i % 3 !== 0;
    const text = (happy ? good : bad)[Math.floor(i / 3) % 3];
    const day = String(1 + (i % 28)).padStart(2, '0');
    lines.push(`r${i},2026-0${1 + (i % 6)}-${day},${happy ? 5 - (i % 2) : 1 + (i % 2)},"${text} Order ${i}."`);
  }
  const file = join(dir, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

// The API as the person of that state sees it: what a page shows is compared with it.
export async function asking(base, state) {
  const context = await one.newContext({ storageState: state, extraHTTPHeaders: { origin: base } });
  const { csrf } = await (await context.request.get(`${base}/api/v1/session`)).json();
  const send = async (method, at, data) => {
    const r = await context.request.fetch(`${base}/api/v1${at}`, { method, data, headers: { 'x-heed-csrf': csrf } });
    if (!r.ok()) throw new Error(`${method} ${at}: ${r.status()} ${await r.text()}`);
    return r.status() === 204 ? null : r.json();
  };
  const get = async (at, params = {}) => (await context.request.get(`${base}/api/v1${at}`, { params })).json();
  return { get, send, close: () => context.close() };
}

// A page in a language and size, with everything the console complained about in page.troubles.
export async function open(browser, { locale = 'en', size = 'desk', dark = false, state } = {}) {
  const phone = size === 'phone';
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: dark ? 'dark' : 'light',
    isMobile: phone,
    hasTouch: phone,
    ...(state ? { storageState: state } : {}),
  });
  await context.addInitScript(
    ([l, d]) => {
      localStorage.setItem('heed.locale', l);
      localStorage.setItem('heed.dark', d);
    },
    [locale, dark ? '1' : '0'],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(90_000);
  page.troubles = [];
  // The question "who am I?" is answered 401 to strangers, and the browser says so by itself.
  const stranger = (m) => m.location().url.endsWith('/api/v1/session') && m.text().includes('401');
  page.on('console', (m) => m.type() === 'error' && !stranger(m) && page.troubles.push(`${m.text()} ${m.location().url}`));
  page.on('pageerror', (e) => page.troubles.push(e.message));
  return page;
}

// Makes the first administrator over the API and returns the cookies of the session.
export async function signUp(browser, house) {
  const context = await browser.newContext();
  const answer = await context.request.post(`${house.base}/api/v1/setup`, {
    data: { token: new URL(house.link).hash.slice(1), ...admin },
  });
  if (answer.status() !== 201) throw new Error(`set-up: ${answer.status()} ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

// Goes there and waits until nothing on the page is waiting any more.
export async function visit(page, url) {
  await page.goto(url);
  await settled(page);
}

export async function settled(page) {
  await page.waitForFunction(
    () => document.querySelector('h1') && !document.querySelector('.ant-skeleton, .waiting, [aria-busy="true"]'),
    undefined,
    { timeout: 90_000 },
  );
  await page.waitForTimeout(250);
}
