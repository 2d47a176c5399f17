import { CommandField } from '../command-field.ts';
import type { DimseService } from '../dimse-service.ts';
import { PLAIN_TRANSFER_SYNTAXES } from '../plain-transfer-syntaxes.ts';
import { sendPages } from '../query/find-scp.ts';
import type { Worklist } from './worklist-service.ts';

/** Modality Worklist Information Model - FIND. */
export const MODALITY_WORKLIST = '1.2.840.10008.5.1.4.31';

/** C-FIND of the Modality Worklist as its SCP (PS3.4 annex K). */
export const createWorklistScp = (worklist: Worklist): DimseService => ({
  name: 'C-FIND',
  commandField: CommandField.CFind,
  abstractSyntaxes: new Set([MODALITY_WORKLIST]),
  transferSyntaxes: PLAIN_TRANSFER_SYNTAXES,
  needsDataSet: true,
  perform: async (request) =>
    await sendPages(
      worklist({
        identifier: request.dataSet,
        transferSyntax: request.context.transferSyntax,
        source: request.source,
      }),
      request,
    ),
});
