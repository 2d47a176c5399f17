import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type Archwire, startArchwire, temporaryFolder } from '@archwire/test-data/processes';
import { type BrowserContextOptions, chromium } from 'playwright-core';
import { type AppPage, FLAGS, openTab } from './open-tab.ts';

export type { AppPage } from './open-tab.ts';

export interface App {
  readonly server: Archwire;
  openPage(options?: BrowserContextOptions): Promise<AppPage>;
  close(): Promise<void>;
}

/**
 * The real server, as `npm start` runs it, and Debian's Chromium: `const app = await openApp();` in `beforeAll`,
 * `await app.close()` in `afterAll`. The app itself is what `npm run build:web` built.
 */
export const openApp = async (env: Readonly<Record<string, string>> = {}): Promise<App> => {
  const folder = await temporaryFolder();
  const server = await startArchwire({ dataDir: path.join(folder, 'data'), env });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  return {
    server,
    openPage: (options = {}) => openTab(browser, server.url, options),
    close: async () => {
      await browser.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
