// Real: the whole server as a process of its own on an empty data folder, Debian's Chromium, axe-core, TOTP, OHIF, DIMSE.
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
const NO_ENVIRONMENT = {
  ARCHWIRE_ADMIN_EMAIL: '',
  ARCHWIRE_ADMIN_PASSWORD: '',
  ARCHWIRE_REQUIRE_TOTP: '',
};

let folder: string;
let server: Archwire;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let page: Page;
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(SCREENSHOTS, { recursive: true });
  server = await startArchwire({ dataDir: join(folder, 'data'), env: NO_ENVIRONMENT });
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

const press = async () => await page.locator('[type=submit]').click();
const heading = async (name: string) => await page.getByRole('heading', { level: 1, name }).waitFor();
const printed = (label: string): string =>
  new RegExp(`${label} +(\\S+)`).exec(server.output())?.[1] ?? `nothing printed after ${label}`;
const signIn = async (password: string): Promise<void> => {
  await page.locator('input[name=email]').fill(printed('E-mail'));
  await page.locator('input[name=password]').fill(password);
  await press();
};
const signOut = async (): Promise<void> => {
  await browser.context.clearCookies();
  await page.goto(`${server.url}/sign-in?return=/viewer/`);
  await page.locator('input[name=email]').waitFor();
};

it('leads the first person from the printed password to the first run, and the password works once', async () => {
  const oneTime = printed('Password');
  await page.goto(printed('Open'));
  await heading('Sign in');
  await look('door');
  await signIn('not the password');
  await page.getByRole('alert').waitFor();
  await look('door-wrong');
  await signIn(oneTime);

  await heading('Choose your own password');
  await look('door-own-password');
  await page.locator('input[name=next]').fill(OWN);
  await page.locator('input[name=repeat]').fill(OWN);
  await press();

  await heading('Protect your account');
  await page.getByTestId('totp-secret').waitFor();
  await look('door-authenticator');
  const secret = (await page.getByTestId('totp-secret').textContent())?.replaceAll(' ', '') ?? '';
  const totp = new TOTP({ secret });
  // A telephone may be a step behind; and the code of now is still needed below.
  await page.locator('input[name=code]').fill(totp.generate({ timestamp: Date.now() - STEP_MS }));
  await press();
  await heading('Keep your recovery codes');
  expect(await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').count()).toBe(10);
  await look('door-recovery-codes');
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.waitForURL('**/welcome');

  await signOut();
  await signIn(oneTime);
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toBe('E-mail or password is wrong.');
  await signIn(OWN);
  await heading('Enter your code');
  await look('door-code');
  await page.locator('input[name=totp]').fill(totp.generate({ timestamp: Date.now() + STEP_MS }));
  await page.waitForURL('**/viewer/**');
  await page.getByText('Study list').first().waitFor({ timeout: 30_000 });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.screenshot({ path: join(SCREENSHOTS, 'fresh-study-list.png') });
  await signOut();
});

it.each([
  ['fr-CA', 'fr', 'Connexion', 'Se connecter'],
  ['es-MX', 'es', 'Iniciar sesión', 'Iniciar sesión'],
  ['ja-JP', 'en', 'Sign in', 'Sign in'],
])('speaks to a browser that asks for %s in %s', async (locale, language, title, button) => {
  await browser.close();
  browser = await openBrowser(undefined, locale);
  page = await browser.context.newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.locator('input[name=email]').waitFor();
  expect([
    await page.locator('html').getAttribute('lang'),
    await page.locator('h1').textContent(),
    await page.locator('[type=submit]').textContent(),
  ]).toEqual([language, title, button]);
  await look(`door-${language}`);
});

it('prints the one-time password on the first start only', async () => {
  const oneTime = printed('Password');
  await server.stop();
  server = await startArchwire({ dataDir: join(folder, 'data'), env: NO_ENVIRONMENT });
  expect(oneTime.length).toBeGreaterThan(12);
  expect(server.output()).toContain('Archwire is ready.');
  expect(server.output()).not.toContain('Password');
});
