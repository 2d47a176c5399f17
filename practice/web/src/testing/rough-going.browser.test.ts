// Real: the whole server as `npm start` runs it, its PostgreSQL, Chromium, the built app. What is cut or answered otherwise is done to the browser's requests.
import { ADMINISTRATOR } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type App, type AppPage, openApp } from './open-app.ts';
import { sendStudy } from './send-study.ts';

let app: App;
let tab: AppPage;
beforeAll(async () => {
  app = await openApp();
});
afterAll(async () => await app.close());
beforeEach(async () => {
  tab = await app.openPage();
});
afterEach(async () => await tab.close());

it('an archive without a study says what to do next', async () => {
  const { page } = tab;
  await tab.signIn('/');
  await page.getByText('Send the first image').first().waitFor();
  await tab.eachLook(async (theme, width) => {
    await tab.screenshot(`studies-empty-${width}-${theme}`);
    await tab.expectAxeClean();
  });
  expect(tab.complaints).toEqual([]);
});

it('a second press while a form is under way does nothing', async () => {
  const { page } = tab;
  await tab.signIn('/settings/group');
  let asked = 0;
  await page.route('**/api/v1/locations', async (route) => {
    if (route.request().method() === 'POST') asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await route.continue();
  });
  await page.getByRole('button', { name: 'Add a location' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Twice');
  await dialog.getByLabel(/issuer/i).fill('TWICE');
  const submit = dialog.locator('[type=submit]').last();
  await submit.dblclick();
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(asked).toBe(1);
});

it('without a stream of events the page looks for itself, and says so', async () => {
  const { page } = tab;
  await page.route('**/api/v1/events**', async (route) => await route.abort('connectionfailed'));
  await tab.signIn('/operations');
  await page.getByText('Live', { exact: true }).waitFor({ state: 'detached' });
  await page.goto('/');
  await sendStudy({ port: app.server.dimsePort }, { name: 'came without a stream' });
  await page.getByText('Ruiz, Camille').first().waitFor({ timeout: 120_000 });
});

it('an account that rests after wrong passwords says for how long, counts down, and takes the right one then', async () => {
  const { page } = tab;
  let isLocked = true;
  await page.route('**/api/v1/auth/login', async (route) => {
    if (!isLocked) {
      await route.continue();
      return;
    }
    await route.fulfill({
      status: 429,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        title: 'rate-limited',
        status: 429,
        detail: 'Too many wrong passwords.',
        kind: 'rate-limited',
        requestId: 'r',
        details: { reason: 'locked', retryAfterSeconds: 12 },
      }),
    });
  });
  await page.goto('/sign-in');
  await page.locator('input[name=email]').fill(ADMINISTRATOR.email);
  await page.locator('input[name=password]').fill(ADMINISTRATOR.password);
  await page.locator('[type=submit]').click();
  await page
    .getByText(/in 0:\d\d/)
    .first()
    .waitFor();
  await tab.screenshot('sign-in-locked');
  await tab.expectAxeClean();
  expect(await page.locator('[type=submit]').isDisabled()).toBe(true);
  isLocked = false;
  await page.getByText('You can try again now.').waitFor();
  await page.locator('[type=submit]').click();
  await page.locator('#content').waitFor();
});
