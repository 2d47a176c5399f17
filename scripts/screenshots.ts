import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiClient } from '../packages/contracts/src/api/index.ts';
import { accountsApi } from '../packages/contracts/src/api/accounts.ts';
import { imagingApi } from '../packages/contracts/src/api/imaging.ts';
import { chromium, type Page } from 'playwright-core';

const OUT = resolve(import.meta.dirname, '../docs/images');
const HELP = `Takes the pictures of the README from a server that \`npm run demo\` filled.

  npm run screenshots -- --url http://127.0.0.1:8080 --email E-MAIL --password PASSWORD`;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    email: { type: 'string', default: 'admin@archwire.local' },
    password: { type: 'string' },
  },
});

const settled = async (page: Page): Promise<void> => {
  await page.waitForLoadState('networkidle', { timeout: 60_000 }).catch(() => undefined);
  await page.waitForTimeout(1500);
};

const picture = async (page: Page, name: string, theme: 'light' | 'dark' = 'light'): Promise<void> => {
  await page.emulateMedia({ colorScheme: theme });
  await settled(page);
  await page.screenshot({ path: resolve(OUT, `${name}.png`) });
  console.log(`docs/images/${name}.png`);
};

/** The patient with four visits, asked of the API. */
const firstPatient = async (password: string): Promise<string> => {
  const client = (authorization: string) =>
    createApiClient(async (address, init) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', authorization);
      const answer = await fetch(`${values.url}${address}`, { ...init, headers });
      if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
      return answer;
    });
  const { accessToken } = await client('').call(accountsApi.login, {
    body: { email: values.email, password },
  });
  const { patients } = await client(`Bearer ${accessToken}`).call(imagingApi.searchPatients, {
    body: { by: 'patient-id', text: 'NO-20401' },
  });
  const patient = patients[0];
  if (patient === undefined) throw new Error('The patient of the demonstration is not there: npm run demo.');
  return patient.patientId;
};

const run = async (password: string): Promise<void> => {
  await mkdir(OUT, { recursive: true });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const context = await browser.newContext({
      baseURL: values.url,
      locale: 'en-US',
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(90_000);
    const page = await context.newPage();
    await page.goto('/sign-in?return=%2F');
    await page.locator('input[name=email]').fill(values.email);
    await page.locator('input[name=password]').fill(password);
    await page.locator('[type=submit]').click();
    await page.locator('#content').waitFor();
    await picture(page, 'studies');
    await page.goto(`/patients/${await firstPatient(password)}`);
    await picture(page, 'patient');
    await picture(page, 'patient-dark', 'dark');
    await page.goto('/operations');
    await picture(page, 'operations');
    await page.goto('/import');
    await picture(page, 'import');
  } finally {
    await browser.close();
  }
};

if (values.password === undefined) {
  console.log(HELP);
  process.exitCode = 1;
} else await run(values.password);
