import type { CommitmentReference, CommitmentReport } from '@archwire/archive';
import type { DicomJson } from '@archwire/dicom';

export interface EventInformation {
  /** Event Type ID (0000,1002): 1 all is committed, 2 something failed (PS3.4 section J.3.3.1). */
  readonly eventTypeId: 1 | 2;
  readonly dataSet: DicomJson;
}

const uid = (value: string): DicomJson[string] => ({ vr: 'UI', Value: [value] });

const item = ({ SOPClassUID, SOPInstanceUID }: CommitmentReference): DicomJson => ({
  '00081150': uid(SOPClassUID),
  '00081155': uid(SOPInstanceUID),
});

/** What a peer is told of its request (PS3.4 table J.3-2). `aeTitle`: where the committed instances can be fetched. */
export const eventInformation = (
  { result: { committed, failed }, transactionUid }: Pick<CommitmentReport, 'result' | 'transactionUid'>,
  aeTitle: string,
): EventInformation => ({
  eventTypeId: failed.length === 0 ? 1 : 2,
  dataSet: {
    '00081195': uid(transactionUid),
    ...(committed.length === 0
      ? {}
      : {
          '00080054': { vr: 'AE', Value: [aeTitle] },
          '00081199': { vr: 'SQ', Value: committed.map(item) },
        }),
    ...(failed.length === 0
      ? {}
      : {
          '00081198': {
            vr: 'SQ',
            Value: failed.map((reference) => ({
              ...item(reference),
              '00081197': { vr: 'US', Value: [reference.FailureReason] },
            })),
          },
        }),
  },
});
