import { readWorklistQuery, searchWorklist, worklistItem, worklistModalities } from '@archwire/archive';
import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { WorklistItem, WorklistQuestion } from '@archwire/contracts/api/orders';
import { appendAudit, type WithTenant } from '@archwire/database';

interface Attribute {
  readonly vr: string;
  readonly Value?: unknown[];
}
type DataSet = Readonly<Record<string, Attribute>>;

const MOST = 200;
const STEPS = '00400100';

const key = (vr: string, value: string | undefined) => ({
  vr,
  ...(value === undefined || value === '' ? {} : { Value: [value] }),
});

/** The identifier that a device would send. */
const identifierOf = (question: WorklistQuestion) => ({
  '00080050': key('SH', question.accessionNumber),
  '00100010': key('PN', question.patientName),
  '00100020': key('LO', question.patientId),
  [STEPS]: {
    vr: 'SQ',
    Value: [
      {
        '00080060': key('CS', question.modality),
        '00400001': key('AE', question.stationAeTitle),
        '00400002': key('DA', question.date),
      },
    ],
  },
});

const isDataSet = (value: unknown): value is DataSet => typeof value === 'object' && value !== null;

const textOf = (dataSet: DataSet, tag: string): string =>
  (dataSet[tag]?.Value ?? [])
    .map((value) =>
      isDataSet(value) ? Object.values<unknown>(value).filter((group) => typeof group === 'string') : value,
    )
    .flat()
    .map(String)
    .join(' = ');

const itemOf = (dataSet: DataSet): WorklistItem => {
  const [item] = dataSet[STEPS]?.Value ?? [];
  const step = isDataSet(item) ? item : {};
  return {
    patientName: textOf(dataSet, '00100010'),
    patientId: textOf(dataSet, '00100020'),
    issuerOfPatientId: textOf(dataSet, '00100021'),
    patientBirthDate: textOf(dataSet, '00100030'),
    patientSex: textOf(dataSet, '00100040'),
    accessionNumber: textOf(dataSet, '00080050'),
    requestedProcedureId: textOf(dataSet, '00401001'),
    requestedProcedureDescription: textOf(dataSet, '00321060'),
    studyInstanceUid: textOf(dataSet, '0020000D'),
    modality: textOf(step, '00080060'),
    scheduledStationAeTitle: textOf(step, '00400001'),
    startDate: textOf(step, '00400002'),
    startTime: textOf(step, '00400003'),
    scheduledPerformingPhysicianName: textOf(step, '00400006'),
    scheduledProcedureStepDescription: textOf(step, '00400007'),
    scheduledProcedureStepId: textOf(step, '00400009'),
    scheduledProcedureStepStatus: textOf(step, '00400020'),
    dataSet,
  };
};

/** What a device would be told if it asked for its worklist now. */
export type WorklistPreviewer = (
  principal: Principal,
  question: WorklistQuestion,
) => Promise<{ readonly items: WorklistItem[]; readonly more: boolean }>;

/**
 * Answers by the way that a question of the device itself takes: the same reading of keys, search and data sets.
 * @throws AppError `forbidden`, `not-found` for the device, `invalid` for a key.
 */
export const createWorklistPreview =
  ({ withTenant }: { readonly withTenant: WithTenant }): WorklistPreviewer =>
  async (principal, question) => {
    requirePermission(principal, 'orders.order.read');
    const { conditions } = readWorklistQuery(identifierOf(question));
    return await withTenant(principal.tenantId, async (trx) => {
      const device = await trx<{ id: string; ae_title: string; kind: string; location_id: string }>('device')
        .where({ id: question.deviceId })
        .first('ae_title', 'kind', 'location_id');
      if (device === undefined)
        throw new AppError('not-found', 'There is no such device. Reload the list.', {
          details: { id: question.deviceId },
        });
      const asker = {
        locationId: device.location_id,
        aeTitle: device.ae_title,
        modalities: worklistModalities(device.kind),
      };
      const rows = await searchWorklist(trx, { asker, conditions, limit: MOST + 1 });
      await appendAudit(trx, {
        actorKind: principal.kind,
        actorId: principal.id,
        action: 'worklist.preview',
        outcome: 'success',
        entity: 'device',
        entityId: question.deviceId,
        address: principal.address,
        requestId: principal.requestId,
      });
      return {
        items: rows.slice(0, MOST).map((row) => itemOf(worklistItem(row, null, device.ae_title))),
        more: rows.length > MOST,
      };
    });
  };
