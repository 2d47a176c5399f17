import type { Knex } from 'knex';
import { groupRows } from './group-rows.ts';
import type { IngestResult, IngestRow } from './ingest-row.ts';

interface ResultRow {
  readonly n: number;
  readonly outcome: IngestResult['outcome'];
  readonly instance_id: number;
  readonly series_id: string;
  readonly study_id: string;
  readonly kept: boolean;
}

const DEADLOCK = '40P01';
const ATTEMPTS = 5;

const ingestTenant = async (
  knex: Knex,
  tenantId: string,
  rows: readonly IngestRow[],
): Promise<IngestResult[]> => {
  const groups = groupRows(rows);
  // The names first, by the lateral join: their locks come before all that `ingest_batch` takes.
  const { rows: results } = await knex.raw<{ rows: ResultRow[] }>(
    `select r.* from note_names(?, ?) of_tenant cross join lateral ingest_batch(of_tenant, ?, ?, ?, ?, ?) r`,
    [
      tenantId,
      groups.patients.flatMap(({ folded }) => (typeof folded === 'string' ? [folded] : [])),
      groups.uids,
      JSON.stringify(groups.studies),
      JSON.stringify(groups.series),
      JSON.stringify(groups.patients),
      JSON.stringify(groups.instances),
    ],
  );
  return results.map((row) => ({
    outcome: row.outcome,
    instanceId: String(row.instance_id),
    seriesId: row.series_id,
    studyId: row.study_id,
    kept: row.kept,
  }));
};

const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === DEADLOCK;

/**
 * Writes received instances into the index: one round trip and one transaction per tenant, so give it `db.knex`.
 * Answers one result per row, in order. Safe to repeat: what is there already comes back as `duplicate`.
 *
 * - The same SOP Instance UID with the same SHA-256 is a `duplicate`, wherever it claims to belong; with other bytes a
 *   `conflict`: both locations are kept, the instance is marked, `instance.conflict` goes to the outbox.
 * - A known (issuer, Patient ID) links the study unless family name or birth date disagrees; an unknown one becomes an
 *   imaging-only patient; anything doubtful quarantines the study with its reason.
 * - Counters and revisions of study and series stay exact; `instances.stored` goes to the outbox per series.
 *
 * @throws AppError `unavailable` when PostgreSQL does not answer. Nothing is written then.
 */
export const ingestBatch = async (knex: Knex, rows: readonly IngestRow[]): Promise<IngestResult[]> => {
  const byTenant = Map.groupBy(rows.keys(), (index) => rows[index]?.source.tenantId ?? '');
  const results: IngestResult[] = [];
  for (const [tenantId, indexes] of byTenant) {
    const own = indexes.flatMap((index) => rows[index] ?? []);
    for (let attempt = 1; ; attempt++) {
      try {
        const answers = await ingestTenant(knex, tenantId, own);
        for (const [position, index] of indexes.entries()) {
          const answer = answers[position];
          if (answer !== undefined) results[index] = answer;
        }
        break;
      } catch (error) {
        // Batches among themselves never deadlock; another kind of writer might meet one.
        if (!isDeadlock(error) || attempt === ATTEMPTS) throw error;
      }
    }
  }
  return results;
};
