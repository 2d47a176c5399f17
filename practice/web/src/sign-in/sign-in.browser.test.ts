// Real: the whole server as `npm start` runs it, its PostgreSQL, Chromium, the built app under its security policy.
import { ADMINISTRATOR } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from '../testing/open-app.ts';

let app: App;
let tab: AppPage;
beforeAll(async () => {
  app = await openApp();
});
afterAll(async () => await app.close());
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => {
  expect(tab.complaints).toEqual([]);
  await tab.close();
});

it('signs in, keeps the session over a reload, and leads a stranger to the door and back', async () => {
  const { page } = tab;
  await page.goto('/');
  await page.waitForURL('**/sign-in');
  await page.locator('input[name=email]').fill(ADMINISTRATOR.email);
  await page.locator('input[name=password]').fill('wrong');
  await page.locator('[type=submit]').click();
  expect(await page.getByRole('alert').textContent()).toBe('E-mail or password is wrong.');
  await page.locator('input[name=password]').fill(ADMINISTRATOR.password);
  await page.locator('[type=submit]').click();
  await page.locator('#content').waitFor();
  // Nothing is set up yet: an administrator begins with the first run.
  expect(new URL(page.url()).pathname).toBe('/welcome');
  await page.reload();
  await page.locator('#content').waitFor();
});

it('goes back to where the person wanted to be, and never to another site', async () => {
  const { page } = tab;
  await page.goto('/sign-in?return=%2F%2Fevil.example%2F');
  await tab.signIn('/?a=1');
  expect(page.url()).toBe(`${app.server.url}/?a=1`);
});

it('is accessible and fits in both themes and at both widths', async () => {
  await tab.page.goto('/sign-in');
  await tab.page.locator('input[name=email]').waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`sign-in-${width}-${theme}`);
    await tab.expectAxeClean();
  });
});
