import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import locales from '@react-aria/optimize-locales-plugin';
import { defineConfig, type Plugin } from 'vite';

const GATEWAY = 'http://127.0.0.1:8080';
const COMPRESSED = /\.(?:js|css|svg|html)$/;
const WORTH_IT = 1024;

/** `.br` and `.gz` beside every text file, which the gateway sends to browsers that accept them. */
const compressed = (): Plugin => ({
  name: 'archwire-compressed',
  apply: 'build',
  closeBundle() {
    const folder = path.join(import.meta.dirname, 'dist');
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!COMPRESSED.test(name)) continue;
      const file = path.join(folder, name);
      const bytes = readFileSync(file);
      if (bytes.length < WORTH_IT) continue;
      writeFileSync(`${file}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
      writeFileSync(
        `${file}.br`,
        brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
      );
    }
  },
});

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    { ...locales.vite({ locales: ['en-US', 'fr-FR', 'es-ES'] }), enforce: 'pre' },
    compressed(),
  ],
  build: {
    // The first versions that know `light-dark()`.
    target: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    emptyOutDir: true,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        // Static files are cached for ever when their name carries sixteen hexadecimal digits.
        hashCharacters: 'hex',
        entryFileNames: 'assets/[name]-[hash:16].js',
        chunkFileNames: 'assets/[name]-[hash:16].js',
        assetFileNames: 'assets/[name]-[hash:16][extname]',
      },
    },
  },
  server: { proxy: { '/api': GATEWAY, '/dicomweb': GATEWAY, '/viewer': GATEWAY } },
});
