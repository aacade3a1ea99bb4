// How the page is built: hashed files, packed once here, no inline script, a nonce for every style.
import react from '@vitejs/plugin-react';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const out = fileURLToPath(new URL('../build/ui', import.meta.url));

// The addresses of all pages, one a line, so that the server can tell them from mistakes.
function addresses(): string {
  const folder = fileURLToPath(new URL('src/pages', import.meta.url));
  return readdirSync(folder)
    .map((name) => join(folder, name, 'page.ts'))
    .filter((at) => existsSync(at))
    .flatMap((at) => [...readFileSync(at, 'utf8').matchAll(/^ {2}(?:at: |also: \[)'(\/[\w-]*)'/gm)].map((m) => m[1]))
    .map((at) => `${at}\n`)
    .join('');
}

// Beside every file of the page but index.html (which gets its nonce from the server) lies its gzip.
function pack(): Plugin {
  const walk = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const at = join(folder, name);
      return statSync(at).isDirectory() ? walk(at) : [at];
    });
  return {
    name: 'heed-pack',
    apply: 'build',
    closeBundle() {
      writeFileSync(join(out, 'pages.txt'), addresses());
      for (const at of walk(out))
        if (/\.(js|css|svg)$/.test(at))
          writeFileSync(`${at}.gz`, gzipSync(readFileSync(at), { level: constants.Z_BEST_COMPRESSION }));
    },
  };
}

export default defineConfig({
  plugins: [react(), pack()],
  html: { cspNonce: 'HEED_NONCE_16_BYTES_IN_HEXADECIM' },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': process.env.HEED_API ?? 'http://127.0.0.1:8080' } },
});
