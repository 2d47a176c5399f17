// Real: PostgreSQL 18 (embedded), the evaluation, the letters as they are rendered. Stand-in: the SMTP server, a list of mails.
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { createSecretBox } from '../accounts/secret-box.ts';
import type { Mail } from '../mail/mailer.ts';
import { createLetterSender } from '../mail/send-letter.ts';
import { createAlertLetters } from './alert-letters.ts';

let database: TestDatabase;
let tenant: TestTenant;
let sent: Mail[];

const Due = z.object({ letter: z.literal('alerts'), id: z.uuid() });

const person = async (
  email: string,
  role: string,
  language: string | null,
  isGone = false,
): Promise<void> => {
  await database.owner(
    `insert into app_user (tenant_id, email, display_name, role, password_hash, language, deactivated_at)
     values ($1, $2, 'Ann', $3, 'x', $4, case when $5 then now() end)`,
    [tenant.tenantId, email, role, language, isGone],
  );
};
const evaluate = async (findings: readonly object[]): Promise<void> => {
  await database.owner('select evaluate_alerts($1::jsonb)', [JSON.stringify(findings)]);
};
const finding = (kind: string, details: object) => ({
  tenantId: tenant.tenantId,
  kind,
  subject: '',
  severity: 'warning',
  details,
});
/** Writes what is due and sends it, as the relay and the job do. */
const deliver = async (pauseMinutes = 0): Promise<readonly Mail[]> => {
  const before = sent.length;
  await createAlertLetters({ database: database.db, pauseMinutes }).write();
  const due = await database.owner<{ payload: unknown }>(
    "delete from outbox where topic = 'mail.due' returning payload",
  );
  const letters = createLetterSender({
    database: database.db,
    box: createSecretBox(Buffer.alloc(32, 1)),
    mailer: {
      send: async (mail) => {
        sent.push(mail);
      },
      close: () => {},
    },
    publicUrl: new URL('https://clinic.example'),
  });
  for (const { payload } of due) {
    const job = { tenantId: tenant.tenantId, ...Due.parse(payload) };
    await letters.send(job);
    // A job may run twice.
    await letters.send(job);
  }
  return sent.slice(before).toSorted((a, b) => a.to.localeCompare(b.to));
};

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());
beforeEach(async () => {
  await database.owner('delete from alert_letter');
  await database.owner('delete from alert');
  tenant = await database.tenant('Group');
  sent = [];
  await person(`ann-${tenant.tenantId}@clinic.example`, 'administrator', null);
  await person(`zoe-${tenant.tenantId}@clinic.example`, 'administrator', 'fr');
  await person(`gone-${tenant.tenantId}@clinic.example`, 'administrator', null, true);
  await person(`desk-${tenant.tenantId}@clinic.example`, 'front-desk', null);
});

it('writes to each administrator once when something begins and once when it is over, in their language', async () => {
  await evaluate([finding('device-silent', { name: 'Pano <1>' }), finding('failed-jobs', { count: 3 })]);
  const [ann, zoe, ...others] = await deliver();
  expect([ann?.to, zoe?.to, others]).toEqual([
    `ann-${tenant.tenantId}@clinic.example`,
    `zoe-${tenant.tenantId}@clinic.example`,
    [],
  ]);
  expect(ann?.subject).toBe('Archwire at Group needs your attention');
  expect(ann?.text).toContain('– Pano <1> has been silent for too long.');
  expect(ann?.text).toContain('– Jobs were given up (3).');
  expect(ann?.html).toContain('Pano &lt;1&gt;');
  expect(ann?.text).toContain('https://clinic.example/operations');
  expect(zoe?.subject).toBe('Archwire chez Group demande votre attention');
  expect(zoe?.text).toContain('– Des tâches ont été abandonnées (3).');
  await evaluate([finding('failed-jobs', { count: 5 }), finding('device-silent', { name: 'Pano <1>' })]);
  expect(await deliver()).toEqual([]);
  await evaluate([finding('device-silent', { name: 'Pano <1>' })]);
  const [over] = await deliver();
  expect([over?.subject, over?.text.includes('has been silent')]).toEqual([
    'Archwire at Group: it is over',
    false,
  ]);
  expect(over?.text).toContain('What is over:');
  expect(await deliver()).toEqual([]);
});

it('keeps what comes and goes for the next letter, and says nothing of what came and went between two', async () => {
  await evaluate([finding('failed-jobs', { count: 1 })]);
  expect(await deliver(10)).toHaveLength(2);
  for (let round = 0; round < 5; round += 1) {
    await evaluate([]);
    await evaluate([finding('failed-jobs', { count: 1 }), finding('device-silent', { name: 'Ceph' })]);
    expect(await deliver(10)).toEqual([]);
  }
  await evaluate([finding('certificate-ends', { days: 3 })]);
  await database.owner("update alert_letter set made_at = now() - interval '11 minutes'");
  const [next, second, ...more] = await deliver(10);
  expect([next?.to.startsWith('ann-'), second?.to.startsWith('zoe-'), more]).toEqual([true, true, []]);
  expect(next?.text).toContain('The certificate of DICOM TLS ends in 3 days.');
  // The first failure was told of, so its end is; the silence was never told of.
  expect(next?.text).toMatch(/What is over:\s+– Jobs were given up/);
  expect(next?.text).not.toContain('Ceph');
});
