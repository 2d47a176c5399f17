import { combineDateTime, conditionSql, type SqlCondition } from '../query/condition-sql.ts';
import type { Condition } from '../query/imaging-query.ts';
import type { Transaction } from '../query/transaction.ts';
import type { WorklistAsker } from './worklist-asker.ts';

/** One scheduled procedure step that is on the worklist now, with its order and its patient. */
export interface WorklistRow {
  readonly order_id: string;
  readonly step_no: number;
  readonly accession_no: string;
  readonly accession_issuer: string;
  readonly requested_procedure_id: string;
  readonly study_uid: string;
  readonly description: string;
  readonly priority: string;
  readonly requesting_name: string | null;
  readonly medical_alerts: string | null;
  readonly allergies: string | null;
  readonly start_date: string;
  readonly start_time: string;
  readonly pat_name: string | null;
  readonly pat_id: string | null;
  readonly pat_issuer: string | null;
  readonly pat_birth_date: string | null;
  readonly pat_sex: string | null;
  readonly step_id: string;
  readonly modality: string;
  readonly station_aes: readonly string[];
  readonly station_name: string | null;
  readonly place: string | null;
  readonly performing_name: string | null;
  readonly step_description: string | null;
  readonly protocol_codes: readonly {
    readonly value: string;
    readonly scheme: string;
    readonly meaning: string;
  }[];
  readonly step_state: 'scheduled' | 'in_progress';
}

export interface WorklistSearch {
  readonly asker: WorklistAsker;
  readonly conditions: readonly Condition[];
  readonly limit: number;
  /** The last row of the page before. */
  readonly after?: WorklistRow;
}

const SELECT = `
  select o.id as order_id, t.step_no, o.accession_no, o.accession_issuer, o.requested_procedure_id, o.study_uid,
         o.description, o.priority, o.requesting_name, o.medical_alerts, o.allergies,
         o.start_date::text as start_date, o.start_time, p.name as pat_name, k.value as pat_id, k.issuer as pat_issuer,
         p.birth_date::text as pat_birth_date, p.sex as pat_sex, t.step_id, t.modality, t.station_aes, t.station_name,
         t.place, t.performing_name, t.description as step_description, t.protocol_codes, t.state as step_state
    from imaging_order o
    join imaging_order_step t on t.tenant_id = o.tenant_id and t.order_id = o.id
    join patient p on p.tenant_id = o.tenant_id and p.id = o.patient_id
    join location l on l.tenant_id = o.tenant_id and l.id = o.location_id
    left join lateral (
      select i.issuer, i.value from patient_identifier i
       where i.tenant_id = p.tenant_id and i.patient_id = p.id and i.issuer = l.issuer
       order by i.created_at, i.value limit 1) k on true
   where o.location_id = ? and o.state in ('scheduled', 'in_progress', 'partial')
     and t.state in ('scheduled', 'in_progress')`;

/** What is for one machine is told to nobody else; what names no machine is told to all that make such images. */
const told = ({ aeTitle, modalities }: WorklistAsker): readonly SqlCondition[] =>
  modalities === null
    ? []
    : [
        {
          sql: `(? = any(t.station_aes) or (t.station_aes = '{}' and t.modality = any(?)))`,
          bindings: [aeTitle, modalities],
        },
      ];

const stepCondition = (condition: Condition): SqlCondition => {
  const { sql, bindings } = conditionSql(condition);
  return condition.attribute.keyword === 'ScheduledStationAETitle'
    ? {
        sql: `t.station_aes = '{}' or exists (select from unnest(t.station_aes) as station(ae) where ${sql})`,
        bindings,
      }
    : { sql, bindings };
};

/** A range of days with a range of times is one period, from the first time of the first day (PS3.4 table K.6-1). */
const period = (conditions: readonly Condition[]): readonly SqlCondition[] => {
  const of = (keyword: string): Condition | undefined =>
    conditions.find(({ attribute }) => attribute.keyword === keyword);
  const date = of('ScheduledProcedureStepStartDate');
  const time = of('ScheduledProcedureStepStartTime');
  const combined = combineDateTime(date, time);
  const rest = combined === undefined ? conditions : conditions.filter((one) => one !== date && one !== time);
  return [...(combined ?? []), ...rest.map(stepCondition)];
};

const behind = ({ after }: WorklistSearch): readonly SqlCondition[] =>
  after === undefined
    ? []
    : [
        {
          sql: '(o.start_date, o.start_time, o.id, t.step_no) > (?::date, ?, ?::uuid, ?::smallint)',
          bindings: [after.start_date, after.start_time, after.order_id, after.step_no],
        },
      ];

/** A page of the worklist as one device sees it, earliest first. */
export const searchWorklist = async (
  trx: Transaction,
  search: WorklistSearch,
): Promise<readonly WorklistRow[]> => {
  const { asker, conditions, limit } = search;
  const parts = [...told(asker), ...period(conditions), ...behind(search)];
  const { rows }: { rows: WorklistRow[] } = await trx.raw(
    `${[SELECT, ...parts.map(({ sql }) => `(${sql})`)].join(' and ')}
     order by o.start_date, o.start_time, o.id, t.step_no limit ?`,
    [
      asker.locationId,
      ...parts
        .flatMap(({ bindings }) => bindings)
        .map((binding) => (typeof binding === 'object' ? [...binding] : binding)),
      limit,
    ],
  );
  return rows;
};
