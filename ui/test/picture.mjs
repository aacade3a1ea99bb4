// node ui/test/picture.mjs [FILE] - the README's picture: the overview of a fresh simulated company.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const heed = join(root, 'build/release/heed');
const to = process.argv[2] ?? join(root, 'docs/overview.png');
const port = 18437;
const base = `http://127.0.0.1:${port}`;
const folder = mkdtempSync(join(tmpdir(), 'heed-picture-'));
const store = join(folder, 'demo.db');

execFileSync(heed, ['demo', '--store', store], { stdio: 'ignore' });
const server = spawn(heed, ['serve', '--store', store, '--listen', `127.0.0.1:${port}`]);
try {
  const token = await new Promise((found, failed) => {
    let said = '';
    server.stderr.on('data', (d) => {
      said += d;
      const link = /setup#(\S+)/.exec(said);
      if (link) found(link[1]);
    });
    server.on('exit', () => failed(new Error(said)));
  });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  const context = await browser.newContext({ viewport: { width: 1440, height: 1120 }, locale: 'en' });
  const person = { token, name: 'mei', title: 'Mei Lin', password: 'a long enough phrase' };
  const answer = await context.request.post(`${base}/api/v1/setup`, { data: person });
  if (!answer.ok()) throw new Error(await answer.text());
  await context.addInitScript(() => localStorage.setItem('heed.tour', '1')); // the tour is not offered
  const page = await context.newPage();
  await page.goto(`${base}/`);
  await page.waitForSelector('.founds .found');
  await page.waitForSelector('.score-card [role=img] svg');
  await page.waitForLoadState('networkidle', { timeout: 5000 }).catch(() => undefined); // the event stream stays open
  await page.screenshot({ path: to });
  await browser.close();
  console.log(to);
} finally {
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
