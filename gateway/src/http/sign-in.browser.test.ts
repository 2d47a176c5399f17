// Real: Chromium, the sign-in page under its policy, koa, PostgreSQL 18 (embedded), argon2id, TOTP. Stand-in: the viewer's page.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import {
  accountsRoutes,
  createAccounts,
  createSecretBox,
  ensureFirstAdministrator,
} from '@archwire/practice-server';
import { createLogger, createMetrics } from '@archwire/runtime';
import { TOTP } from 'otpauth';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLiveHub } from '../live/live-hub.ts';
import { createHttpApp } from './http-app.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

const OWN = 'my own long password';
const STUDY = '/viewer/ortho?StudyInstanceUIDs=1.2.3';
const box = createSecretBox(new Uint8Array(32));
let database: TestDatabase;
let folder: string;
let server: HttpServer;
let url: string;
let password: string;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  password =
    (await ensureFirstAdministrator({ database: database.db, email: null, password: null }))
      ?.oneTimePassword ?? '';
  folder = await mkdtemp(path.join(os.tmpdir(), 'archwire-sign-in-'));
  await mkdir(path.join(folder, 'viewer'));
  await writeFile(
    path.join(folder, 'viewer', 'index.html'),
    '<!doctype html><title>viewer</title><p id="viewer">OHIF',
  );
  await writeFile(
    path.join(folder, 'viewer', 'csp.json'),
    JSON.stringify({ page: "default-src 'self'", worker: '', workers: [] }),
  );
  const accounts = await createAccounts({
    database: database.db,
    box,
    totp: { required: true, exemptEmail: null },
  });
  const app = await createHttpApp({
    log: createLogger({ level: 'silent' }),
    metrics: createMetrics(),
    authenticator: accounts.authenticator,
    routes: accountsRoutes(accounts),
    health: [],
    live: createLiveHub(),
    dicomweb: null,
    pictures: null,
    viewerFolder: path.join(folder, 'viewer'),
    webFolder: path.join(folder, 'web'),
    publicUrl: null,
    trustProxy: false,
  });
  server = await startHttpServer({ handler: app.callback(), host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${server.port}`;
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const open = async (locale = 'en-US') => {
  const context = await browser.newContext({ locale, viewport: { width: 1100, height: 760 } });
  page = await context.newPage();
  complaints = [];
  page.on(
    'console',
    (message) => void (/Security Policy|Uncaught/.test(message.text()) && complaints.push(message.text())),
  );
  page.on('pageerror', (error) => void complaints.push(error.message));
  return context;
};
let context: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  context = await open();
});
afterEach(async () => {
  expect(complaints).toEqual([]);
  await context.close();
});

const notice = () => page.locator('#notice').textContent();
const submit = async (id: string) => await page.locator(`#${id} [type=submit]`).click();
const signIn = async (word: string) => {
  await page.locator('#email').fill('admin@archwire.local');
  await page.locator('#password').fill(word);
  await submit('sign-in');
};

let secret = '';

it('leads from the one-time password over an own password and an authenticator to where the person wanted to go', async () => {
  await page.goto(`${url}/setup?return=${encodeURIComponent(STUDY)}`);
  await page.locator('#sign-in').waitFor();
  await signIn('wrong');
  await page.locator('#notice').waitFor();
  expect(await notice()).toBe('E-mail or password is wrong.');
  await signIn(password);

  await page.locator('#change-password').waitFor();
  await page.locator('#new-password').fill(OWN);
  await page.locator('#repeat').fill(`${OWN}!`);
  await submit('change-password');
  await page.locator('#notice').waitFor();
  expect(await notice()).toBe('The two passwords differ.');
  await page.locator('#repeat').fill(OWN);
  await submit('change-password');

  await page.locator('#enrol-totp').waitFor();
  expect(await page.evaluate('qr.complete && qr.naturalWidth > 0')).toBe(true);
  secret = (await page.locator('#secret').textContent())?.replaceAll(' ', '') ?? '';
  await page.locator('#code').fill(new TOTP({ secret }).generate());
  await submit('enrol-totp');
  await page.locator('#viewer').waitFor();
  expect(page.url()).toBe(url + STUDY);

  // Whoever is signed in and comes to the door is led on at once.
  await page.goto(`${url}/setup?return=/viewer/`);
  await page.locator('#viewer').waitFor();
  expect(page.url()).toBe(`${url}/viewer/`);

  await page.goto(`${url}/setup?sign-out`);
  await page.locator('#sign-in').waitFor();
  await page.goto(`${url}/setup`);
  await page.locator('#sign-in').waitFor();
});

it('asks for the code of the authenticator, refuses a used one, and goes nowhere foreign afterwards', async () => {
  await database.owner('update app_user set totp_last_step = null');
  await page.goto(`${url}/setup?return=${encodeURIComponent('//evil.example/x')}`);
  await page.locator('#sign-in').waitFor();
  await signIn(OWN);
  await page.locator('#totp').waitFor();
  await page.locator('#totp').fill('000 000');
  await submit('sign-in');
  await page.locator('#notice').waitFor();
  expect(await notice()).toBe('This code is wrong or was used already. Wait for the next one.');
  await page.locator('#totp').fill(new TOTP({ secret }).generate());
  await submit('sign-in');
  await page.waitForURL(`${url}/`);
});

it('says how long a locked account rests', async () => {
  await database.owner("update app_user set failed_count = 5, locked_until = now() + interval '10 minutes'");
  await page.goto(`${url}/setup`);
  await page.locator('#sign-in').waitFor();
  await signIn(OWN);
  await page.locator('#notice').waitFor();
  expect(await notice()).toMatch(/^Too many attempts\. Try again in (?:600|59\d) seconds\.$/);
  await database.owner('update app_user set failed_count = 0, locked_until = null');
});

it('tells somebody whose session ended why they are here, in their language', async () => {
  await context.close();
  context = await open('fr-FR');
  await context.addCookies([
    { name: 'archwire_refresh', value: 'old', domain: '127.0.0.1', path: '/api/v1/auth' },
  ]);
  await page.goto(`${url}/setup?return=${encodeURIComponent(STUDY)}`);
  await page.locator('#notice').waitFor();
  expect([await page.locator('html').getAttribute('lang'), await notice()]).toEqual([
    'fr',
    'Votre session est terminée. Reconnectez-vous pour revenir où vous étiez.',
  ]);
});

it('can be used by keyboard alone, and every field has its label', async () => {
  await page.goto(`${url}/setup`);
  await page.locator('#sign-in').waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('email');
  await page.keyboard.type('admin@archwire.local');
  await page.keyboard.press('Tab');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.locator('#notice').waitFor();
  expect(await page.locator('#notice').getAttribute('role')).toBe('alert');
  const unlabelled = await page.evaluate(
    "[...document.querySelectorAll('input:not(.offscreen)')].filter((input) => input.labels.length === 0).map((input) => input.id)",
  );
  expect(unlabelled).toEqual([]);
});
