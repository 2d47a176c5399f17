// Real: the whole server, PostgreSQL, its evaluation, its job queue, nodemailer over a socket. Stand-in: a receiving SMTP server of a few commands.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase } from '@archwire/database/testing';
import { startArchwire, temporaryFolder } from '@archwire/test-data/processes';
import { expect, it } from 'vitest';
import { startSmtpServer } from './testing/smtp-server.ts';

it('the administrator gets a letter when studies wait in quarantine for more than a day', async () => {
  const folder = await temporaryFolder();
  const database = await createTestDatabase();
  const smtp = await startSmtpServer();
  const server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: {
      DATABASE_URL: database.ownerUrl,
      ARCHWIRE_SMTP_URL: smtp.url,
      ARCHWIRE_MAIL_FROM: 'Archwire <archive@clinic.example>',
      ARCHWIRE_PUBLIC_URL: 'http://clinic.example',
    },
  });
  try {
    await database.owner(
      `insert into study (tenant_id, study_uid, location_id, match_state, quarantine_reason, issuer, pat_name, first_at)
         select tenant_id, '1.2.3', id, 'quarantined', 'missing-patient-id', issuer, 'Doe^Jane', now() - interval '25 hours'
           from location`,
    );
    const mail = await smtp.next();
    expect(mail).toContain('needs your attention');
    expect(mail).toMatch(/^To: admin@archwire\.local/m);
    expect(mail).toContain('Studies wait in quarantine for more than a day (1).');
    expect(mail).toContain('http://clinic.example/operations');
    expect(mail).not.toMatch(/Doe|Jane/);
  } finally {
    await server.stop();
    await smtp.stop();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 240_000);
