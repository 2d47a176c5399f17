import {
  readWorklistQuery,
  searchWorklist,
  worklistItem,
  worklistModalities,
  type WorklistAsker,
  type WorklistRow,
} from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { readIdentifier, writeDataSet } from '@archwire/dicom';
import type { ReadAudit } from '../../dicomweb/index.ts';
import type { AssociationSource } from '../dimse-service.ts';
import { principalOf } from '../principal-of.ts';
import type { FindPage } from '../query/find-service.ts';

export interface WorklistRequest {
  readonly identifier: Buffer;
  /** Of the identifier and of the answers. */
  readonly transferSyntax: string;
  readonly source: Pick<AssociationSource, 'tenantId' | 'locationId' | 'deviceId' | 'callingAe' | 'address'>;
}

/**
 * Answers a question for the worklist page by page, earliest step first. Whoever takes the pages may stop between them.
 * @throws AppError `invalid` for an identifier that does not fit, `too-large` behind the last page when there are more
 * matches than one question may return.
 */
export type Worklist = (request: WorklistRequest) => AsyncIterable<FindPage>;

/** The first answers do not wait for the others. */
const FIRST = 50;
const PAGE = 250;
/** More than any device can show. */
const MOST_MATCHES = 5000;

interface Deps {
  readonly withTenant: WithTenant;
  readonly audit: ReadAudit;
  /** Answers to one question; 5,000 unless said otherwise. */
  readonly mostMatches?: number;
}

export const createWorklist = ({ withTenant, audit, mostMatches = MOST_MATCHES }: Deps): Worklist => {
  const askerOf = async ({ source }: WorklistRequest): Promise<WorklistAsker> => {
    const { tenantId, locationId, deviceId, callingAe } = source;
    const device =
      deviceId === null
        ? undefined
        : await withTenant(
            tenantId,
            async (trx) =>
              await trx<{ id: string; kind: string }>('device').where({ id: deviceId }).first('kind'),
          );
    return { locationId, aeTitle: callingAe ?? '', modalities: worklistModalities(device?.kind ?? '') };
  };

  return async function* worklist(request) {
    const { source, transferSyntax } = request;
    const { dataSet, characterSet } = readIdentifier(request.identifier, transferSyntax);
    const { conditions, hasUnsupported } = readWorklistQuery(dataSet);
    const asker = await askerOf(request);
    audit.note(principalOf(source), { action: 'imaging.patient.queried', studyUid: null });
    let answered = 0;
    let after: WorklistRow | undefined;
    for (;;) {
      const limit = Math.min(answered === 0 ? FIRST : PAGE, mostMatches - answered + 1);
      const search = { asker, conditions, limit, ...(after === undefined ? {} : { after }) };
      const rows = await withTenant(source.tenantId, async (trx) => await searchWorklist(trx, search));
      const told = rows.slice(0, mostMatches - answered);
      if (told.length > 0)
        yield {
          hasUnsupported,
          dataSets: told.map((row) =>
            writeDataSet(worklistItem(row, dataSet, asker.aeTitle), transferSyntax, characterSet),
          ),
        };
      answered += told.length;
      after = rows.at(-1);
      if (told.length < rows.length)
        throw new AppError('too-large', `More than ${mostMatches} matches. Narrow the query.`);
      if (rows.length < limit) return;
    }
  };
};
