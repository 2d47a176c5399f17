import type { EndpointRequest } from '@archwire/contracts/api';
import type { auditApi } from '@archwire/contracts/api/audit';
import type { DateRange } from '@archwire/ui';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { actionsOf, CATEGORY_IDS, type Category } from './categories.ts';

type Query = NonNullable<EndpointRequest<typeof auditApi.exportCsv>['query']>;

export interface AuditChoice {
  readonly person: string | null;
  readonly category: Category | null;
  readonly failures: boolean;
  readonly period: DateRange | null;
  readonly patientId: string | null;
  readonly studyUid: string | null;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const dayAfter = (day: string): Date => {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + 1);
  return date;
};

/** What is looked for, kept in the address: ids, codes and days only, so that a bookmark gives nobody away. */
export const useAuditFilter = () => {
  const [params, setParams] = useSearchParams();
  return useMemo(() => {
    const from = params.get('from') ?? '';
    const to = params.get('to') ?? '';
    const choice: AuditChoice = {
      person: params.get('person'),
      category: CATEGORY_IDS.find((id) => id === params.get('what')) ?? null,
      failures: params.get('outcome') === 'failure',
      period: DAY.test(from) && DAY.test(to) ? { from, to } : null,
      patientId: params.get('patient'),
      studyUid: params.get('study'),
    };
    const query: Query = {
      ...(choice.person === null
        ? {}
        : choice.person === 'system'
          ? { actorKind: 'system' as const }
          : { actorId: choice.person }),
      ...(choice.category === null ? {} : { action: actionsOf(choice.category) }),
      ...(choice.failures ? { outcome: 'failure' as const } : {}),
      ...(choice.period === null
        ? {}
        : {
            from: new Date(`${choice.period.from}T00:00:00`).toISOString(),
            to: dayAfter(choice.period.to).toISOString(),
          }),
      ...(choice.patientId === null ? {} : { patientId: choice.patientId }),
      ...(choice.studyUid === null ? {} : { studyUid: choice.studyUid }),
    };
    const change = (values: Readonly<Record<string, string | null>>): void => {
      const next = new URLSearchParams(params);
      for (const [name, value] of Object.entries(values)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      setParams(next, { replace: true });
    };
    return { choice, query, change, clear: () => setParams({}, { replace: true }) };
  }, [params, setParams]);
};
