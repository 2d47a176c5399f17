// Real: the whole server as a process of its own on an empty data folder, Debian's Chromium, axe-core, TOTP, OHIF.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startArchwire, temporaryFolder, type Archwire } from '@archwire/test-data/processes';
import axe from 'axe-core';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from './testing/browser.ts';

const SCREENSHOTS = join(import.meta.dirname, '../../../screenshots');
const OWN = 'three unrelated words';
const STEP_MS = 30_000;

let folder: string;
let server: Archwire;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(SCREENSHOTS, { recursive: true });
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { ARCHWIRE_ADMIN_EMAIL: '', ARCHWIRE_ADMIN_PASSWORD: '', ARCHWIRE_REQUIRE_TOTP: '' },
  });
  browser = await openBrowser();
  page = await browser.context.newPage();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What axe-core finds wrong with the page as it stands. */
const violations = async (): Promise<string[]> => {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`)))',
  );
  return Array.isArray(found) ? found.map(String) : [];
};

/** Pictures of the page in both themes, on a desk and in a hand; and nothing wrong, nothing wider than the screen. */
const look = async (name: string): Promise<void> => {
  const wrong: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`) });
      const found = await violations();
      if ((await page.evaluate('document.documentElement.scrollWidth > innerWidth')) === true)
        found.push('wider than the screen');
      wrong.push(...found.map((text) => `${name} ${width} ${colorScheme} ${text}`));
    }
  }
  expect(wrong).toEqual([]);
};

const press = async (form: string) => await page.locator(`#${form} [type=submit]`).click();
const printed = (label: string): string =>
  new RegExp(`${label} +(\\S+)`).exec(server.output())?.[1] ?? `nothing printed after ${label}`;
const signIn = async (password: string): Promise<void> => {
  await page.locator('#email').fill(printed('E-mail'));
  await page.locator('#password').fill(password);
  await press('sign-in');
};

it('leads the first person from the printed password to the study list, and the password works once', async () => {
  const oneTime = printed('Password');
  await page.goto(new URL('/setup?return=/viewer/', printed('Open')).href);
  await page.locator('#sign-in').waitFor();
  await look('door');
  await signIn('not the password');
  await page.locator('#notice').waitFor();
  await look('door-wrong');
  await signIn(oneTime);

  await page.locator('#change-password').waitFor();
  await look('door-own-password');
  await page.locator('#new-password').fill(OWN);
  await page.locator('#repeat').fill(OWN);
  await press('change-password');

  await page.locator('#enrol-totp').waitFor();
  await look('door-authenticator');
  const secret = (await page.locator('#secret').textContent())?.replaceAll(' ', '') ?? '';
  const totp = new TOTP({ secret });
  // A telephone may be a step behind; and the code of now is still needed below.
  await page.locator('#code').fill(totp.generate({ timestamp: Date.now() - STEP_MS }));
  await press('enrol-totp');
  await page.waitForURL('**/viewer/**');
  await page.getByText('Study list').first().waitFor({ timeout: 30_000 });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.screenshot({ path: join(SCREENSHOTS, 'fresh-study-list.png') });

  await page.goto(`${server.url}/setup?return=/viewer/&sign-out`);
  await page.locator('#sign-in').waitFor();
  await signIn(oneTime);
  await page.locator('#notice').waitFor();
  expect(await page.locator('#notice').textContent()).toBe('E-mail or password is wrong.');
  await signIn(OWN);
  await page.locator('#totp').waitFor();
  await look('door-code');
  await page.locator('#totp').fill(totp.generate({ timestamp: Date.now() + STEP_MS }));
  await press('sign-in');
  await page.waitForURL('**/viewer/**');
  await page.goto(`${server.url}/setup?return=/viewer/&sign-out`);
  await page.locator('#sign-in').waitFor();
});

it.each([
  ['fr-CA', 'fr', 'Connexion', 'Se connecter'],
  ['es-MX', 'es', 'Iniciar sesión', 'Iniciar sesión'],
  ['ja-JP', 'en', 'Sign in', 'Sign in'],
])('speaks to a browser that asks for %s in %s', async (locale, language, title, button) => {
  await browser.close();
  browser = await openBrowser(undefined, locale);
  page = await browser.context.newPage();
  await page.goto(`${server.url}/setup`);
  await page.locator('#sign-in').waitFor();
  expect([
    await page.locator('html').getAttribute('lang'),
    await page.locator('#sign-in h1').textContent(),
    await page.locator('#sign-in [type=submit]').textContent(),
  ]).toEqual([language, title, button]);
  await look(`door-${language}`);
});

it('prints the one-time password on the first start only', async () => {
  const oneTime = printed('Password');
  await server.stop();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { ARCHWIRE_ADMIN_EMAIL: '', ARCHWIRE_ADMIN_PASSWORD: '', ARCHWIRE_REQUIRE_TOTP: '' },
  });
  expect(oneTime.length).toBeGreaterThan(12);
  expect(server.output()).toContain('Archwire is ready.');
  expect(server.output()).not.toContain('Password');
});
