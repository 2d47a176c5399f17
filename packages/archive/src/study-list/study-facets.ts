import { type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What the study list can be filtered by. */
export interface StudyFacets {
  readonly locations: readonly Named[];
  /** Those that ever sent, and those that may. */
  readonly devices: readonly Named[];
  /** Those that are in use, by code. */
  readonly modalities: readonly string[];
}

/** One step of the index for each modality, however many studies there are. */
const MODALITIES = `
  with recursive step as (
    (select m.modality from study_modality m order by m.modality limit 1)
    union all
    select (select m.modality from study_modality m where m.modality > step.modality order by m.modality limit 1)
      from step where step.modality is not null)
  select coalesce(array_agg(modality), '{}') from step where modality is not null`;

const named = (table: string): string =>
  `(select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name, t.id), '[]') from ${table} t)`;

/** @throws AppError `forbidden` */
export const readStudyFacets = async (withTenant: WithTenant, principal: Principal): Promise<StudyFacets> => {
  requirePermission(principal, 'imaging.study.read');
  const { rows }: { rows: StudyFacets[] } = await withTenant(
    principal.tenantId,
    async (trx) =>
      await trx.raw(
        `select ${named('location')} as locations, ${named('device')} as devices, (${MODALITIES}) as modalities`,
      ),
  );
  return rows[0] ?? { locations: [], devices: [], modalities: [] };
};
