import { CommandField } from '../command-field.ts';
import type { DimseRequest, DimseResult, DimseService } from '../dimse-service.ts';
import {
  CANCELLED,
  PENDING,
  PENDING_WITHOUT_SOME_KEYS,
  statusOfQueryError,
  SUCCESS,
} from '../dimse-status.ts';
import { PLAIN_TRANSFER_SYNTAXES } from '../plain-transfer-syntaxes.ts';
import { findOptions, grantFindOptions } from './find-negotiation.ts';
import type { Find, FindPage } from './find-service.ts';
import { FIND_MODELS } from './query-models.ts';

/** Sends the answers a page at a time, the next only when the peer has taken the last, so memory stays bounded. */
export const sendPages = async (
  pages: AsyncIterable<FindPage>,
  { pending, signal }: Pick<DimseRequest, 'pending' | 'signal'>,
): Promise<DimseResult> => {
  try {
    for await (const { dataSets, hasUnsupported } of pages) {
      if (signal.aborted) return { status: CANCELLED };
      const status = hasUnsupported ? PENDING_WITHOUT_SOME_KEYS : PENDING;
      await pending(dataSets.map((dataSet) => ({ status, dataSet })));
      if (signal.aborted) return { status: CANCELLED };
    }
    return { status: SUCCESS };
  } catch (error) {
    return { status: statusOfQueryError(error), error };
  }
};

/** C-FIND SCP of Patient Root and Study Root (PS3.4 C.4.1). */
export const createFindScp = (find: Find): DimseService => ({
  name: 'C-FIND',
  commandField: CommandField.CFind,
  abstractSyntaxes: FIND_MODELS,
  transferSyntaxes: PLAIN_TRANSFER_SYNTAXES,
  needsDataSet: true,
  negotiate: grantFindOptions,
  perform: async (request) => {
    const { abstractSyntax, transferSyntax } = request.context;
    const pages = find({
      root: FIND_MODELS.get(abstractSyntax) ?? 'study',
      identifier: request.dataSet,
      transferSyntax,
      options: findOptions(request.extended),
      source: request.source,
    });
    return await sendPages(pages, request);
  },
});
