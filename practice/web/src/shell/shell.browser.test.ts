// Real: the whole server as `npm start` runs it, its PostgreSQL, Chromium, the built app under its security policy.
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

it('is accessible and fits in both themes and at both widths', async () => {
  await tab.signIn();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`shell-${width}-${theme}`);
    await tab.expectAxeClean();
  });
});

it('opens the palette by its keys, finds a page by its letters, and goes there', async () => {
  const { page } = tab;
  await tab.signIn();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('STUD');
  await tab.screenshot('palette');
  await tab.expectAxeClean();
  expect(await page.getByRole('option').first().textContent()).toContain('Studies');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox').waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/');
});

it('lists its keys on a question mark, and Escape gives the focus back', async () => {
  const { page } = tab;
  await tab.signIn();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await tab.screenshot('shortcuts');
  await tab.expectAxeClean();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

it('keeps the chosen theme and language over a reload, from the first paint on, and brings them to another browser', async () => {
  const { page } = tab;
  await tab.signIn();
  await page.getByRole('button', { name: /Administrator$/ }).click();
  await tab.screenshot('person-menu');
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.getByRole('button', { name: /Administrator$/ }).click();
  const told = page.waitForResponse(
    (answer) => answer.request().method() === 'PATCH' && /"fr"/.test(answer.request().postData() ?? ''),
  );
  await page.getByRole('menuitemradio', { name: 'Français' }).click();
  await told;
  await page.reload();
  await page.locator('#content').waitFor();
  expect(
    await page.evaluate('[document.documentElement.dataset.theme, document.documentElement.lang]'),
  ).toEqual(['dark', 'fr']);
  const other = await app.openPage();
  await other.signIn();
  await other.page.getByRole('button', { name: /Administrateur$/ }).click();
  expect(await other.page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  // So that the tests after this one find the server as it was.
  for (const choice of ['Comme le système', 'English']) {
    const kept = other.page.waitForResponse((answer) => answer.request().method() === 'PATCH');
    if (choice === 'English') await other.page.getByRole('button', { name: /Administrateur$/ }).click();
    await other.page.getByRole('menuitemradio', { name: choice }).click();
    await kept;
  }
  await other.close();
  await page.getByRole('button', { name: /Administrat(?:eur|or)$/ }).click();
  await page.getByRole('menuitem', { name: /Se déconnecter|Sign out/ }).click();
  await page.waitForURL('**/sign-in**');
  await page.goto('/');
  await page.waitForURL('**/sign-in');
});

it('says when there is no network, and offers the new version when the server has another build', async () => {
  const { page } = tab;
  await tab.signIn();
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await page.context().setOffline(false);
  await page.getByText('You are offline.').waitFor({ state: 'detached' });
  await page.route('**/api/v1/auth/refresh', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      headers: { ...answer.headers(), 'archwire-build': '0123456789abcdef' },
    });
  });
  await page.reload();
  await page.getByText('A new version is ready.').waitFor();
  await tab.expectAxeClean();
});

it('reloads once when a part of the app is gone, and says so when it cannot be had at all', async () => {
  const { page } = tab;
  const isPart = (address: string): boolean => /\/assets\/sign-in-page-[0-9a-f]+\.js$/.test(address);
  let asked = 0;
  await page.route(
    ({ pathname }) => isPart(pathname),
    async (route) => {
      asked += 1;
      await (asked === 1 ? route.abort() : route.continue());
    },
  );
  await page.goto('/sign-in');
  await page.locator('input[name=email]').waitFor();
  expect(asked).toBeGreaterThan(1);
  await page.unrouteAll();
  await page.route(
    ({ pathname }) => isPart(pathname),
    (route) => route.abort(),
  );
  await page.goto('/sign-in');
  await page.getByRole('heading', { name: 'This page ran into a problem' }).waitFor();
  await tab.expectAxeClean();
  expect(tab.complaints.filter((text) => !text.includes('ERR_FAILED') && !text.includes('/assets/'))).toEqual(
    [],
  );
  tab.complaints.length = 0;
});

it('says inside the frame that an address has no page', async () => {
  const { page } = tab;
  await tab.signIn();
  await page.goto('/nothing-here');
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await tab.expectAxeClean();
});
