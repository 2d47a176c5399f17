import { X509Certificate } from 'node:crypto';
import type { Finding } from '@archwire/practice-server';
import type { FailedJob } from '@archwire/runtime';
import { z } from 'zod';

const Owner = z.object({ tenantId: z.uuid() });
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const VERY_SOON_DAYS = 7;

/** One for each group whose jobs were given up. */
export const findFailedJobs = (failed: readonly Pick<FailedJob, 'payload'>[]): Finding[] =>
  [...Map.groupBy(failed, ({ payload }) => Owner.safeParse(payload).data?.tenantId ?? null)].map(
    ([tenantId, jobs]) => ({
      tenantId,
      kind: 'failed-jobs',
      subject: '',
      severity: 'warning',
      details: { count: jobs.length },
    }),
  );

/** `pem` may hold a chain: the first is the server's own. */
export const findCertificateEnd = (pem: string | null, now: Date): Finding[] => {
  if (pem === null) return [];
  const days = Math.floor((new X509Certificate(pem).validToDate.getTime() - now.getTime()) / DAY_MS);
  return days > SOON_DAYS
    ? []
    : [
        {
          tenantId: null,
          kind: 'certificate-ends',
          subject: 'dimse',
          severity: days > VERY_SOON_DAYS ? 'warning' : 'critical',
          details: { days },
        },
      ];
};
