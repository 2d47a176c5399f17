import path from 'node:path';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { type AppPage, FLAGS, openTab } from './open-tab.ts';

/** The development page of the kit, served by Vite, in Debian's Chromium. */
export const openKit = async (): Promise<{ openPage(): Promise<AppPage>; close(): Promise<void> }> => {
  const server = await createServer({
    configFile: path.resolve(import.meta.dirname, '../../vite.config.ts'),
    // Another run beside this one must not share the folder of what Vite prepared.
    cacheDir: path.resolve(import.meta.dirname, `../../../../node_modules/.vite-kit-${process.pid}`),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  const url = server.resolvedUrls?.local[0] ?? '';
  return {
    openPage: () => openTab(browser, url.replace(/\/$/, '')),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
};
