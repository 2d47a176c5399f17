// Real: the whole server, its database and job queue, nodemailer over a socket. Stand-in: a receiving SMTP server of a few commands.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMINISTRATOR, startArchwire, temporaryFolder, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSmtpServer, type SmtpServer } from './testing/smtp-server.ts';

const PUBLIC = 'http://clinic.example';
const OWN = 'three unrelated words';

let folder: string;
let smtp: SmtpServer;
let server: Archwire;
beforeAll(async () => {
  folder = await temporaryFolder();
  smtp = await startSmtpServer();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: {
      ARCHWIRE_SMTP_URL: smtp.url,
      ARCHWIRE_MAIL_FROM: 'Archwire <archive@clinic.example>',
      ARCHWIRE_PUBLIC_URL: PUBLIC,
      ARCHWIRE_REQUIRE_TOTP: 'false',
    },
  });
});
afterAll(async () => {
  await server.stop();
  await smtp.stop();
  await rm(folder, { recursive: true, force: true });
});

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${server.url}/api/v1/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: PUBLIC },
    body: JSON.stringify(body),
  });
const forgot = (email: string, language = 'en') => post('/forgotten-password', { email, language });
const login = async (password: string): Promise<number> =>
  (await post('/login', { email: ADMINISTRATOR.email, password })).status;
/** The secret lies behind the `#`, which no browser sends to any server. */
const tokenOf = (mail: string): string =>
  decodeURIComponent(/http:\/\/clinic\.example\/\S*#(?:\S*=)?([^\s"<]+)/.exec(mail)?.[1] ?? '');

it('sends a link in the language of the page, which sets a password once and ends every session', async () => {
  expect((await forgot(ADMINISTRATOR.email, 'fr')).status).toBe(204);
  const mail = await smtp.next();
  expect(mail).toContain('Subject: Choisir un nouveau mot de passe');
  expect(mail).toMatch(/^To: admin@archwire\.local/m);
  const token = tokenOf(mail);
  expect(await (await post('/link', { token })).json()).toMatchObject({ purpose: 'password-reset' });
  expect((await post('/reset-password', { token, password: OWN })).status).toBe(204);
  expect([await login(ADMINISTRATOR.password), await login(OWN)]).toEqual([401, 200]);
  const again = await post('/reset-password', { token, password: 'another good password' });
  expect([again.status, await login(OWN)]).toEqual([again.status, 200]);
  expect(again.status).toBeGreaterThanOrEqual(400);
});

it('answers the same whether anybody has the address, and writes only to those who do', async () => {
  const before = smtp.received.length;
  const answers = [await forgot('nobody@clinic.example'), await forgot(ADMINISTRATOR.email)];
  expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  expect(await smtp.next()).toContain('To: admin@archwire.local');
  expect(smtp.received.length - before).toBe(1);
});

it('tries again while the server of the mail says no, and loses nothing', async () => {
  smtp.refuse(true);
  expect((await forgot(ADMINISTRATOR.email, 'es')).status).toBe(204);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  smtp.refuse(false);
  expect(await smtp.next()).toMatch(/Elija[ _]una[ _]nueva[ _]contrase/);
});
