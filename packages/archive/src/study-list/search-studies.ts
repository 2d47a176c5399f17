import { type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { SqlCondition } from '../query/condition-sql.ts';
import type { Transaction } from '../query/transaction.ts';
import { type Candidates, findCandidates } from './candidates.ts';
import { LISTED, type ListedStudy, listedStudy, type ListRow, SHOWN } from './listed-study.ts';
import { SEARCH_LIMITS, type SearchLimits } from './search-limits.ts';
import { similarTexts } from './similar-texts.ts';
import { rowConditions, walkConditions } from './study-conditions.ts';
import { behind, orderOf, readCursor, type StudyCursor, writeCursor } from './study-cursor.ts';
import type { StudyFilter, StudySort } from './study-filter.ts';

export interface StudySearch extends StudyFilter {
  readonly sort: StudySort;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface StudyListPage {
  readonly studies: readonly ListedStudy[];
  /** `null` on the last page. A page may be short, even empty, and not be the last: looking further takes another call. */
  readonly next: string | null;
  /** When nothing was found: texts like the one asked for that find something. */
  readonly similar: readonly string[];
}

const where = (conditions: readonly SqlCondition[]): string =>
  conditions.length === 0 ? '' : `where ${conditions.map(({ sql }) => sql).join(' and ')}`;
const bindingsOf = (conditions: readonly SqlCondition[]): (string | number | string[])[] =>
  conditions.flatMap(({ bindings }) =>
    bindings.map((value) => (typeof value === 'object' ? [...value] : value)),
  );

/** Of the candidates in their order, so many for each row of a page are read first: most of them are found in the end. */
const AHEAD = 3;

interface Page {
  readonly rows: readonly ListRow[];
  /** Where looking ended before the page was full and before everything was looked at. */
  readonly stoppedAt: StudyCursor | undefined;
}

const PLACE = 's.on_date::text as on_date, s.on_time, s.id';

const placeOf = async (trx: Transaction, id: string | undefined): Promise<StudyCursor | undefined> => {
  const { rows }: { rows: StudyCursor[] } = await trx.raw(`select ${PLACE} from study s where s.id = ?`, [
    id ?? null,
  ]);
  return rows[0];
};

const readRows = async (
  trx: Transaction,
  { sort, limit, ...filter }: StudySearch,
  cursor: StudyCursor | undefined,
  ids: readonly string[],
): Promise<readonly ListRow[]> => {
  const conditions = [...walkConditions(filter), ...rowConditions(filter), ...behind(cursor, sort)];
  const { rows }: { rows: ListRow[] } = await trx.raw(
    `with page as materialized (
       select ${LISTED}, s.location_id from unnest(?::uuid[]) c(id)
         cross join lateral (select * from study st where st.id = c.id offset 0) s
         left join patient p on p.id = s.patient_id
         ${where(conditions)} order by ${orderOf(sort)} limit ?)
     select page.*, ${SHOWN} from page order by ${orderOf(sort).replaceAll('s.', 'page.')}`,
    [[...ids], ...bindingsOf(conditions), limit + 1],
  );
  return rows;
};

/** The page among candidates: as many as fill it are read and judged; all, unless they are known to be in order. */
const amongCandidates = async (
  trx: Transaction,
  search: StudySearch,
  cursor: StudyCursor | undefined,
  { ids, inOrder }: Candidates,
  most: number,
): Promise<Page> => {
  if (!inOrder) return { rows: await readRows(trx, search, cursor, ids), stoppedAt: undefined };
  const rows: ListRow[] = [];
  let read = 0;
  for (let next = AHEAD * (search.limit + 1); read < Math.min(ids.length, most); next = most) {
    const some = ids.slice(read, read + next);
    read += some.length;
    rows.push(...(await readRows(trx, search, cursor, some)));
    if (rows.length > search.limit) return { rows, stoppedAt: undefined };
  }
  return { rows, stoppedAt: read < ids.length ? await placeOf(trx, ids[read - 1]) : undefined };
};

/** The page by a walk down the list, which ends as soon as the page is full. */
const alongTheList = async (
  trx: Transaction,
  { sort, limit, ...filter }: StudySearch,
  cursor: StudyCursor | undefined,
  most: number,
): Promise<Page> => {
  const walk = [...walkConditions(filter), ...behind(cursor, sort)];
  const judged = rowConditions(filter);
  const order = orderOf(sort);
  const { rows }: { rows: ListRow[] } = await trx.raw(
    `with page as materialized (
       select ${LISTED}, s.location_id
         from (select s.* from study s ${where(walk)} order by ${order} limit ${most}) s
         left join patient p on p.id = s.patient_id
         ${where(judged)} order by ${order} limit ?)
     select page.*, ${SHOWN} from page order by ${order.replaceAll('s.', 'page.')}`,
    [...bindingsOf(walk), ...bindingsOf(judged), limit + 1],
  );
  if (rows.length > limit) return { rows, stoppedAt: undefined };
  const { rows: ends }: { rows: StudyCursor[] } = await trx.raw(
    `select ${PLACE} from study s ${where(walk)} order by ${order} limit 1 offset ${most - 1}`,
    bindingsOf(walk),
  );
  return { rows, stoppedAt: ends[0] };
};

/**
 * A page of the study list. A search that leaves few studies sorts them; any other walks the list from its top, so that
 * the first rows come at once however many there are.
 * @throws AppError `forbidden`; `invalid` for a cursor that is none.
 */
export const searchStudies = async (
  withTenant: WithTenant,
  principal: Principal,
  search: StudySearch,
  limits: SearchLimits = SEARCH_LIMITS,
): Promise<StudyListPage> => {
  requirePermission(principal, 'imaging.study.read');
  if (search.states.includes('rejected')) requirePermission(principal, 'imaging.reconcile.write');
  const cursor = search.after === undefined ? undefined : readCursor(search.after);
  return await withTenant(principal.tenantId, async (trx) => {
    const candidates = await findCandidates(trx, search, search.sort, limits, cursor);
    const { rows, stoppedAt } =
      candidates === undefined
        ? await alongTheList(trx, search, cursor, limits.walk)
        : await amongCandidates(trx, search, cursor, candidates, limits.rows);
    const shown = rows.slice(0, search.limit);
    const last = rows.length > search.limit ? shown.at(-1) : stoppedAt;
    return {
      studies: shown.map(listedStudy),
      next: last === undefined ? null : writeCursor(last),
      similar:
        shown.length === 0 && last === undefined && cursor === undefined
          ? await similarTexts(trx, search.text)
          : [],
    };
  });
};
