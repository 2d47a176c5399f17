import { auditApi } from '@archwire/contracts/api/audit';
import { fullRoute, type Route } from '../api/route.ts';
import type { AuditService } from './audit-service.ts';

export const auditRoutes = (audit: AuditService): readonly Route[] => [
  fullRoute(auditApi.list, async ({ principal, query: { before, limit, ...filter } }) => ({
    body: await audit.list(principal, filter, { before, limit }),
  })),
  fullRoute(auditApi.exportCsv, async ({ principal, query }) => ({
    file: {
      name: `audit-${new Date().toISOString().slice(0, 10)}.csv`,
      mediaType: 'text/csv; charset=utf-8',
      content: await audit.exportCsv(principal, query),
    },
  })),
  fullRoute(auditApi.verify, async ({ principal }) => ({ body: await audit.verify(principal) })),
];
