import type { Transaction } from '../query/transaction.ts';
import type { KnownIdentity } from './known-identity.ts';
import type { StoredInstance } from './stored-instance.ts';

/** A resource of the path: a study, one of its series, or one of its instances. */
export interface ResourcePath {
  readonly study: string;
  readonly series?: string | undefined;
  readonly instance?: string | undefined;
}

/** As `SELECT_INSTANCE` gives it. */
export interface InstanceRow {
  readonly tenant_id: string;
  readonly id: number;
  readonly study_uid: string;
  readonly series_uid: string;
  readonly sop_uid: string;
  readonly sop_class: string;
  readonly transfer_syntax: string;
  readonly frames: number | null;
  readonly sha256: string;
  readonly store: string;
  readonly key: string;
  readonly offset: number;
  readonly length: number;
  readonly identity: KnownIdentity | null;
}

export const storedInstance = (row: InstanceRow): StoredInstance => ({
  tenantId: row.tenant_id,
  id: row.id,
  StudyInstanceUID: row.study_uid,
  SeriesInstanceUID: row.series_uid,
  SOPInstanceUID: row.sop_uid,
  SOPClassUID: row.sop_class,
  TransferSyntaxUID: row.transfer_syntax,
  NumberOfFrames: row.frames,
  sha256: row.sha256,
  location: { store: row.store, key: row.key, offset: row.offset, length: row.length },
  identity: row.identity,
});

/** Of the tables `instance i`, `series e` and `study s`. */
export const SELECT_INSTANCE = `select i.tenant_id, i.id, s.study_uid, e.series_uid, i.sop_uid, i.frames, encode(i.sha256, 'hex') as sha256,
    i.store, i.key, i."offset", i.length,
    case when s.pat_known_at is not null then jsonb_build_object('PatientID', s.pat_known_id,
      'IssuerOfPatientID', s.pat_known_issuer, 'PatientName', s.pat_known_name,
      'PatientBirthDate', to_char(s.pat_known_birth_date, 'YYYYMMDD'), 'PatientSex', s.pat_known_sex,
      'since', to_char(s.pat_known_at at time zone 'UTC', 'YYYYMMDDHH24MISS.US') || '+0000') end as identity,
    (select u.uid from uid_code u where u.code = i.sop_class) as sop_class,
    (select u.uid from uid_code u where u.code = i.transfer_syntax) as transfer_syntax
  from instance i join series e on e.tenant_id = i.tenant_id and e.id = i.series_id
  join study s on s.tenant_id = e.tenant_id and s.id = e.study_id`;

/**
 * The instances below a path, in the order of their series and instance numbers; empty when there is no such resource in
 * the transaction's tenant, or when an instance or series of that UID belongs to another parent than the path says.
 * A study that a person rejected is there only for those who may decide about it.
 */
export const findInstances = async (
  trx: Transaction,
  path: ResourcePath,
  seesRejected = false,
): Promise<readonly StoredInstance[]> => {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['s.study_uid = ?', path.study],
    ['e.series_uid = ?', path.series],
    ['i.sop_uid = ?', path.instance],
  ];
  const asked = parts.flatMap(([sql, uid]) => (uid === undefined ? [] : [{ sql, uid }]));
  const { rows }: { rows: InstanceRow[] } = await trx.raw(
    `${SELECT_INSTANCE} where ${asked.map(({ sql }) => sql).join(' and ')} ${seesRejected ? '' : "and s.match_state <> 'rejected'"}
     order by e.series_number asc nulls last, e.id, i.instance_number asc nulls last, i.id`,
    asked.map(({ uid }) => uid),
  );
  return rows.map(storedInstance);
};

/** Says whether what was found below a series is still so: both change in the transaction that changes the instances. */
export interface SeriesState {
  readonly revision: number;
  readonly rejected: boolean;
}

export const findSeriesState = async (
  trx: Transaction,
  study: string,
  series: string,
): Promise<SeriesState | undefined> => {
  const { rows }: { rows: SeriesState[] } = await trx.raw(
    `select e.revision, s.match_state = 'rejected' as rejected
       from series e join study s on s.tenant_id = e.tenant_id and s.id = e.study_id
      where s.study_uid = ? and e.series_uid = ?`,
    [study, series],
  );
  return rows[0];
};

/** The instances of these ids in the order of their ids; left out are those that are gone. */
export const findInstancesById = async (
  trx: Transaction,
  ids: readonly (number | string)[],
): Promise<readonly StoredInstance[]> => {
  const { rows }: { rows: InstanceRow[] } = await trx.raw(
    `${SELECT_INSTANCE} where i.id = any(?::bigint[]) order by i.id`,
    [ids.map(String)],
  );
  return rows.map(storedInstance);
};

/** The same instance, looked up again by its id: its bytes may lie elsewhere by now. */
export const findInstanceAgain = async (trx: Transaction, id: number): Promise<StoredInstance | undefined> =>
  (await findInstancesById(trx, [id]))[0];
