// Real: the whole server, its disk, its evaluation, its job queue, nodemailer over a socket. Stand-in: a receiving SMTP server of a few commands.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startArchwire, temporaryFolder } from '@archwire/test-data/processes';
import { expect, it } from 'vitest';
import { startSmtpServer } from './testing/smtp-server.ts';

it('the administrator gets a letter when the disk is too full to take images', async () => {
  const folder = await temporaryFolder();
  const smtp = await startSmtpServer();
  const server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: {
      ARCHWIRE_SMTP_URL: smtp.url,
      ARCHWIRE_MAIL_FROM: 'Archwire <archive@clinic.example>',
      ARCHWIRE_PUBLIC_URL: 'http://clinic.example',
      // More than any disk of a test machine has free.
      ARCHWIRE_DISK_HEADROOM_MB: '1000000000',
    },
  });
  try {
    const mail = await smtp.next();
    expect(mail).toContain('needs your attention');
    expect(mail).toMatch(/^To: admin@archwire\.local/m);
    expect(mail).toMatch(/The disk of \S+ is nearly full/);
    expect(mail).toContain('http://clinic.example/operations');
  } finally {
    await server.stop();
    await smtp.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
