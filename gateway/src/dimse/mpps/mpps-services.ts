import type { PerformedSteps } from '@archwire/archive';
import { createUid, isUidLenient } from '@archwire/contracts';
import { readIdentifier } from '@archwire/dicom';
import { CommandField } from '../command-field.ts';
import type { DimseRequest, DimseResult, DimseService } from '../dimse-service.ts';
import { INVALID_SOP_INSTANCE, SUCCESS } from '../dimse-status.ts';
import { PLAIN_TRANSFER_SYNTAXES } from '../plain-transfer-syntaxes.ts';
import { mppsFailure } from './mpps-status.ts';
import { changeStep, MODALITY_PERFORMED_PROCEDURE_STEP, readNewStep } from './performed-step-attributes.ts';

const service = (
  name: string,
  commandField: number,
  perform: (request: DimseRequest) => Promise<DimseResult>,
): DimseService => ({
  name,
  commandField,
  abstractSyntaxes: new Set([MODALITY_PERFORMED_PROCEDURE_STEP]),
  transferSyntaxes: PLAIN_TRANSFER_SYNTAXES,
  needsDataSet: true,
  perform,
});

const answer = async (sopInstanceUid: string, work: () => Promise<void>): Promise<DimseResult> => {
  if (!isUidLenient(sopInstanceUid)) return { status: INVALID_SOP_INSTANCE };
  const elements = { AffectedSOPInstanceUID: sopInstanceUid };
  try {
    await work();
    return { status: SUCCESS, elements };
  } catch (error) {
    const failure = mppsFailure(error);
    return { status: failure.status, elements: { ...elements, ...failure.elements }, error };
  }
};

/** N-CREATE and N-SET of Modality Performed Procedure Step as its SCP (PS3.4 section F.7.2). */
export const createMppsServices = (steps: PerformedSteps): readonly DimseService[] => [
  service('N-CREATE', CommandField.NCreate, async ({ command, context, dataSet, source }) => {
    // Who leaves the UID to us is told it (PS3.7 section 10.1.5.1.3).
    const sopInstanceUid = command.SOPInstanceUID === '' ? createUid() : command.SOPInstanceUID;
    return await answer(sopInstanceUid, async () => {
      const { dataSet: attributes } = readIdentifier(dataSet, context.transferSyntax);
      await steps.create(source, { sopInstanceUid, ...readNewStep(attributes), dataSet: attributes });
    });
  }),
  service(
    'N-SET',
    CommandField.NSet,
    async ({ command, context, dataSet, source }) =>
      await answer(command.SOPInstanceUID, async () => {
        const { dataSet: change } = readIdentifier(dataSet, context.transferSyntax);
        await steps.update(source, command.SOPInstanceUID, (kept) => changeStep(kept, change));
      }),
  ),
];
