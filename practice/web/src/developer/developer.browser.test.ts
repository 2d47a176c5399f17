// Real: the server with its own description of the API, Chromium, its clipboard.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';

let app: App;
let opened: AppPage | undefined;
beforeAll(async () => {
  app = await openApp();
});
afterEach(async () => await opened?.close());
afterAll(async () => await app.close());

it('finds an operation, shows what it takes and answers, and copies the call', async () => {
  opened = await app.openPage({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, complaints } = opened;
  await opened.signIn('/developer');
  await page.getByText(/\d+ operations, described by/).waitFor();
  await opened.eachLook(async (theme, width) => {
    await opened?.screenshot(`developer-${theme}-${width}`);
    await opened?.expectAxeClean();
  });
  await page.getByRole('searchbox').fill('devices.device.write register');
  const operation = page.getByRole('button', { name: /POST \/api\/v1\/devices Register/ });
  await operation.waitFor();
  expect(await page.locator('h3').count()).toBe(1);
  await operation.focus();
  await page.keyboard.press('Enter');
  await page.getByText('aeTitle').first().waitFor();
  await opened.eachLook(async (theme, width) => {
    await opened?.screenshot(`developer-open-${theme}-${width}`);
    await opened?.expectAxeClean();
  });
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('Copied.', { exact: false }).waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied).toContain(`curl -X POST "${app.server.url}/api/v1/devices"`);
  expect(copied).toContain('-H "Authorization: Bearer $ARCHWIRE_KEY"');
  expect(copied).toContain('"aeTitle"');
  await page.getByRole('searchbox').fill('no such words at all');
  await page.getByText('Nothing has these words').waitFor();
  expect(complaints).toEqual([]);
});
