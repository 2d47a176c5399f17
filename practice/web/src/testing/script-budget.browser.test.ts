// Real: the whole server as `npm start` runs it, Chromium, the built app. Counted: the gzipped files of all scripts.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, openApp } from './open-app.ts';

const BUDGET_BYTES = 300 * 1024;
const DIST = path.resolve(import.meta.dirname, '../../dist');

let app: App;
beforeAll(async () => {
  app = await openApp();
});
afterAll(async () => await app.close());

it('shows the study list after at most 300 KB of gzipped script', async () => {
  const tab = await app.openPage();
  await tab.signIn();
  const scripts = new Set<string>();
  tab.page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith('.js') && response.ok()) scripts.add(pathname);
  });
  await tab.page.goto('/');
  await tab.page.locator('#content h1').waitFor();
  const sizes = [...scripts].map((name) => [name, gzipped(name)] as const);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  expect(sizes.length).toBeGreaterThan(1);
  expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(BUDGET_BYTES);
});

/** Files too small to be compressed are sent as they are. */
const gzipped = (name: string): number => {
  try {
    return readFileSync(`${path.join(DIST, name)}.gz`).length;
  } catch {
    return readFileSync(path.join(DIST, name)).length;
  }
};
