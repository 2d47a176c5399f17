import { AppError } from '@archwire/contracts';
import type { EndpointResponse } from '@archwire/contracts/api';
import type { importsApi } from '@archwire/contracts/api/imports';
import type { Transaction } from '../query/transaction.ts';
import { pictureRecipe } from '../derive/picture-recipe.ts';
import { pictureVersion } from '../timeline/study-image.ts';
import { importMessage } from './import-reason.ts';
import type { ImportFileRow } from './import-file-row.ts';

export type ImportView = EndpointResponse<typeof importsApi.get>;
type Outcome = NonNullable<ImportFileRow['outcome']>;

const IMPORTS = 20;
const FILES = 100;
const STUDIES = 50;

interface SessionRow {
  readonly id: string;
  readonly state: ImportView['state'];
  readonly location_id: string;
  readonly location_name: string;
  readonly source: string | null;
  readonly issuer: string;
  readonly patient_id: string | null;
  readonly expected_files: number;
  readonly expected_bytes: number;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly active_at: Date;
  readonly finished_at: Date | null;
  readonly studies: number;
}

interface CountRow {
  readonly import_id: string;
  readonly state: ImportFileRow['state'];
  readonly outcome: Outcome | null;
  readonly top: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly received: number;
  readonly entries: number;
}

const SESSIONS = `
  select s.id, s.state, s.location_id, l.name as location_name, s.source, s.issuer, s.patient_id, s.expected_files, s.expected_bytes,
         u.display_name as created_by, s.created_at, s.active_at, s.finished_at,
         (select count(*)::int from import_study t where t.import_id = s.id) as studies
    from import_session s join location l on l.id = s.location_id
    left join app_user u on u.id = s.created_by and s.created_kind = 'user'`;

const COUNTS = `
  select import_id, state, outcome, parent_id is null as top, count(*)::int as files, sum(size)::bigint as bytes,
         sum(received)::bigint as received, coalesce(sum(entry_count), 0)::int as entries
    from import_file where import_id = any (?::uuid[]) and state <> 'named'
   group by import_id, state, outcome, parent_id is null`;

const sum = (rows: readonly CountRow[], of: (row: CountRow) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

const countsOf = (rows: readonly CountRow[], studies: number): ImportView['counts'] => {
  const top = rows.filter((row) => row.top);
  const inState = (state: string) =>
    sum(
      rows.filter((row) => row.state === state),
      (row) => row.files,
    );
  const outcomes: Record<string, number> = {};
  for (const { outcome, files } of rows) {
    if (outcome !== null) outcomes[outcome] = (outcomes[outcome] ?? 0) + files;
  }
  const inside = sum(rows, (row) => (row.top ? 0 : row.files));
  return {
    files: sum(rows, (row) => row.files),
    bytes: sum(top, (row) => row.bytes),
    receivedBytes: sum(top, (row) => row.received),
    waiting: inState('waiting'),
    arriving: inState('arriving'),
    queued: inState('queued'),
    unread: Math.max(0, sum(rows, (row) => row.entries) - inside),
    studies,
    outcomes,
  };
};

const present = (row: SessionRow, counts: readonly CountRow[]): ImportView => ({
  id: row.id,
  state: row.state,
  locationId: row.location_id,
  locationName: row.location_name,
  source: row.source,
  issuer: row.issuer,
  patientId: row.patient_id,
  expectedFiles: row.expected_files,
  expectedBytes: row.expected_bytes,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  activeAt: row.active_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  counts: countsOf(
    counts.filter(({ import_id }) => import_id === row.id),
    row.studies,
  ),
});

const withCounts = async (trx: Transaction, sessions: readonly SessionRow[]): Promise<ImportView[]> => {
  const { rows }: { rows: CountRow[] } = await trx.raw(COUNTS, [sessions.map(({ id }) => id)]);
  return sessions.map((session) => present(session, rows));
};

/** @throws AppError `not-found` */
export const readImport = async (trx: Transaction, importId: string): Promise<ImportView> => {
  const { rows }: { rows: SessionRow[] } = await trx.raw(`${SESSIONS} where s.id = ?`, [importId]);
  const [view] = await withCounts(trx, rows);
  if (view === undefined) throw new AppError('not-found', 'There is no such import. Begin a new one.');
  return view;
};

/** Newest first; `after` is `next` of the page before. */
export const listImports = async (
  trx: Transaction,
  after: string | undefined,
): Promise<EndpointResponse<typeof importsApi.list>> => {
  const { rows }: { rows: SessionRow[] } = await trx.raw(
    `${SESSIONS} ${after === undefined ? '' : 'where s.id < ?'} order by s.id desc limit ${IMPORTS + 1}`,
    after === undefined ? [] : [after],
  );
  const page = rows.slice(0, IMPORTS);
  return {
    imports: await withCounts(trx, page),
    next: rows.length > IMPORTS ? (page.at(-1)?.id ?? null) : null,
  };
};

const SHOWN = {
  all: '',
  problems: `and f.outcome in ('conflict', 'quarantined', 'unreadable', 'refused', 'missing')`,
  skipped: `and f.outcome = 'skipped'`,
  open: `and f.state <> 'done'`,
} as const;

/** In the order they were named; what a DICOMDIR names is there once it is known to be missing. */
export const listImportFiles = async (
  trx: Transaction,
  importId: string,
  { show, after }: { readonly show: keyof typeof SHOWN; readonly after?: string | undefined },
): Promise<EndpointResponse<typeof importsApi.files>> => {
  type Row = ImportFileRow & { readonly inside: string | null };
  const { rows }: { rows: Row[] } = await trx.raw(
    `select f.id, f.path, p.path as inside, f.size, f.received, f.state, f.outcome, f.reason, f.retryable, f.study_id
       from import_file f left join import_file p on p.id = f.parent_id
      where f.import_id = ? and f.state <> 'named' ${SHOWN[show]} ${after === undefined ? '' : 'and f.id > ?'}
      order by f.id limit ${FILES + 1}`,
    after === undefined ? [importId] : [importId, after],
  );
  const page = rows.slice(0, FILES);
  return {
    files: page.map((row) => ({
      fileId: row.id,
      state: row.state === 'named' ? 'waiting' : row.state,
      received: row.received,
      outcome: row.outcome,
      reason: row.reason,
      message: importMessage(row.reason),
      studyId: row.study_id,
      path: row.path,
      inside: row.inside,
      size: row.size,
      retryable: row.retryable,
    })),
    next: rows.length > FILES ? (page.at(-1)?.id ?? null) : null,
  };
};

interface StudyRow {
  readonly row_id: string;
  readonly id: string;
  readonly study_uid: string;
  readonly patient_id: string | null;
  readonly name: string | null;
  readonly birth_date: string | null;
  readonly study_date: string | null;
  readonly description: string | null;
  readonly modalities: readonly string[];
  readonly match_state: string;
  readonly files: number;
  readonly instance_id: string | null;
  readonly sha: string | null;
  readonly recipe: number | null;
}

/** Newest first, each with one picture. A quarantined study shows the identity that its images came with. */
export const listImportStudies = async (
  trx: Transaction,
  importId: string,
  after: string | undefined,
): Promise<EndpointResponse<typeof importsApi.studies>> => {
  const { rows }: { rows: StudyRow[] } = await trx.raw(
    `select t.id as row_id, s.id, s.study_uid, s.patient_id, coalesce(p.name, s.pat_name) as name,
            coalesce(p.birth_date, s.pat_birth_date)::text as birth_date, s.study_date::text as study_date, s.description,
            s.match_state, array(select m.modality from study_modality m where m.study_id = s.id order by m.modality) as modalities,
            (select count(*)::int from import_file f where f.study_id = s.id and f.import_id = t.import_id) as files,
            d.instance_id::text as instance_id, d.sha, d.recipe
       from import_study t join study s on s.id = t.study_id left join patient p on p.id = s.patient_id
       left join lateral (
         select i.id as instance_id, encode(i.sha256, 'hex') as sha, ${pictureRecipe('v')} as recipe
           from series e join instance i on i.series_id = e.id
           join derivative v on v.instance_id = i.id and v.kind = 'thumbnail'
          where e.study_id = s.id order by v.placeholder_reason is not null, e.series_number, i.instance_number limit 1) d on true
      where t.import_id = ? ${after === undefined ? '' : 'and t.id < ?'} order by t.id desc limit ${STUDIES + 1}`,
    after === undefined ? [importId] : [importId, after],
  );
  const page = rows.slice(0, STUDIES);
  return {
    studies: page.map((row) => ({
      studyId: row.id,
      studyInstanceUid: row.study_uid,
      patientId: row.patient_id,
      patientName: row.name,
      patientBirthDate: row.birth_date,
      studyDate: row.study_date,
      description: row.description,
      modalities: [...row.modalities],
      quarantined: row.match_state === 'quarantined' || row.match_state === 'suggested',
      files: row.files,
      picture:
        row.instance_id === null || row.sha === null || row.recipe === null
          ? null
          : { instanceId: row.instance_id, version: pictureVersion(row.sha, row.recipe) },
    })),
    next: rows.length > STUDIES ? (page.at(-1)?.row_id ?? null) : null,
  };
};
