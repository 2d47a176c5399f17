import { searchImaging, searchImagingPatients, type SearchRow } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { readIdentifier, writeDataSet } from '@archwire/dicom';
import type { ReadAudit } from '../../dicomweb/index.ts';
import type { AssociationSource } from '../dimse-service.ts';
import { principalOf } from '../principal-of.ts';
import { answerIdentifier } from './answer-identifier.ts';
import type { FindOptions, QueryRoot } from './query-models.ts';
import { readQuery, type DimseQuery } from './read-query.ts';

export interface FindRequest {
  readonly root: QueryRoot;
  readonly identifier: Buffer;
  /** Of the identifier and of the answers. */
  readonly transferSyntax: string;
  readonly options: FindOptions;
  readonly source: AssociationSource;
}

/** Some answers, ready to be sent. */
export interface FindPage {
  readonly dataSets: readonly Buffer[];
  /** An optional key was neither matched nor returned. */
  readonly hasUnsupported: boolean;
}

/**
 * Answers a C-FIND page by page, the first one soon. Whoever takes the pages may stop between them.
 * @throws AppError `invalid` for an identifier that does not fit, `too-large` behind the last page when there are more
 * matches than one query may return.
 */
export type Find = (request: FindRequest) => AsyncIterable<FindPage>;

/** The first answers do not wait for the others. */
const FIRST = 50;
const PAGE = 250;
/** More than any person reads, and what a workstation that asks for everything may cost at most. */
const MOST_MATCHES = 10_000;

const INDEX_LEVEL = { STUDY: 'study', SERIES: 'series', IMAGE: 'instance' } as const;
const UNIQUE_KEY = {
  STUDY: 'StudyInstanceUID',
  SERIES: 'SeriesInstanceUID',
  IMAGE: 'SOPInstanceUID',
} as const;

interface Deps {
  readonly withTenant: WithTenant;
  readonly audit: ReadAudit;
  /** Ours: where answers can be fetched. */
  readonly aeTitle: string;
  /** Answers to one question; 10,000 unless said otherwise. */
  readonly mostMatches?: number;
}

export const createFind = ({ withTenant, audit, aeTitle, mostMatches = MOST_MATCHES }: Deps): Find => {
  const search = async (
    tenantId: string,
    query: DimseQuery,
    options: FindOptions,
    limit: number,
  ): Promise<readonly SearchRow[]> =>
    await withTenant(tenantId, async (trx) => {
      const { level, conditions } = query;
      if (level === 'PATIENT') return await searchImagingPatients(trx, conditions, limit);
      const separateDateTime = !options.combinedDateTime;
      const asked = { level: INDEX_LEVEL[level], conditions, limit, offset: 0, separateDateTime };
      return (await searchImaging(trx, asked)).rows;
    });

  return async function* find({ root, identifier, transferSyntax, options, source }) {
    const query = readQuery(root, readIdentifier(identifier, transferSyntax), options);
    audit.note(principalOf(source), { action: 'imaging.study.queried', studyUid: null });
    const page = (rows: readonly SearchRow[]): FindPage => ({
      hasUnsupported: query.hasUnsupported,
      dataSets: rows.map((row) =>
        writeDataSet(answerIdentifier(row, query, { root, aeTitle }), transferSyntax, query.characterSet),
      ),
    });
    const first = await search(source.tenantId, query, options, FIRST);
    if (first.length > 0) yield page(first);
    if (first.length < FIRST) return;

    const all = await search(source.tenantId, query, options, mostMatches + 1);
    // A study that arrived between the two looks pushes others down: nothing is answered twice.
    const key = (row: SearchRow): string =>
      query.level === 'PATIENT'
        ? JSON.stringify([row['PatientID'], row['IssuerOfPatientID']])
        : String(row[UNIQUE_KEY[query.level]]);
    const answered = new Set(first.map(key));
    const rest = all.slice(0, mostMatches).filter((row) => !answered.has(key(row)));
    for (let at = 0; at < rest.length; at += PAGE) yield page(rest.slice(at, at + PAGE));
    if (all.length > mostMatches)
      throw new AppError('too-large', `More than ${mostMatches} matches. Narrow the query.`);
  };
};
