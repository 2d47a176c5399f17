import type { Principal } from '@archwire/contracts';
import { expect, test } from 'vitest';
import { createReadAudit, type ReadAuditEntry } from './read-audit.ts';

const principal = (id: string): Principal => ({
  tenantId: 't',
  kind: 'user',
  id,
  locationId: null,
  permissions: new Set(),
  address: null,
  userAgent: null,
  requestId: 'r',
});

test('one row for each person, study and action in five minutes; a lost row raises the alarm and is tried again', async () => {
  const rows: string[] = [];
  const lost: ReadAuditEntry[] = [];
  let at = 0;
  let broken = false;
  const audit = createReadAudit({
    append: async ({ id }, { action, studyUid }) => {
      if (broken) throw new Error('no database');
      rows.push(`${id} ${action} ${studyUid}`);
    },
    lost: (_error, entry) => lost.push(entry),
    now: () => at,
  });
  const viewed = { action: 'imaging.study.viewed', studyUid: '1.2' } as const;
  for (let time = 0; time < 500; time += 1) audit.note(principal('a'), viewed);
  audit.note(principal('b'), viewed);
  audit.note(principal('a'), { ...viewed, studyUid: '1.3' });
  audit.note(principal('a'), { ...viewed, action: 'imaging.study.retrieved' });
  await audit.flush();
  expect(rows).toEqual([
    'a imaging.study.viewed 1.2',
    'b imaging.study.viewed 1.2',
    'a imaging.study.viewed 1.3',
    'a imaging.study.retrieved 1.2',
  ]);

  at = 5 * 60_000;
  broken = true;
  audit.note(principal('a'), viewed);
  await audit.flush();
  expect(lost).toEqual([viewed]);
  broken = false;
  audit.note(principal('a'), viewed);
  await audit.flush();
  expect(rows).toHaveLength(5);
});
