import type { DicomJson } from '@archwire/dicom';
import { FAILURE_REASON, WARNING_DUPLICATE_SOP_INSTANCE } from './failure-reason.ts';
import type { Identity, PartOutcome } from './store-part.ts';
import type { StoredParts } from './store-parts.ts';

export interface StoreResponse {
  readonly status: 200 | 202 | 400 | 409;
  readonly body: DicomJson;
}

const reference = (identity: Identity): DicomJson => ({
  '00081150': { vr: 'UI', Value: [identity.SOPClassUID] },
  '00081155': { vr: 'UI', Value: [identity.SOPInstanceUID] },
});

const studyUrl = (base: string, identity: Identity): string => `${base}/studies/${identity.StudyInstanceUID}`;

const stored = (base: string, outcome: Extract<PartOutcome, { kind: 'stored' }>): DicomJson => ({
  ...reference(outcome.identity),
  '00081190': {
    vr: 'UR',
    Value: [
      `${studyUrl(base, outcome.identity)}/series/${outcome.identity.SeriesInstanceUID}/instances/${outcome.identity.SOPInstanceUID}`,
    ],
  },
  ...(outcome.conflict ? { '00081196': { vr: 'US', Value: [WARNING_DUPLICATE_SOP_INSTANCE] } } : {}),
});

/**
 * The store response (PS3.18 section 10.5.3 and annex I): 200 when everything was stored, 202 when something failed or came
 * with a warning, 409 when nothing was stored, 400 when nothing could even be taken out of the body. `base` is the absolute
 * URL of the service.
 */
export const storeResponse = ({ outcomes, broken }: StoredParts, base: string): StoreResponse => {
  const good = outcomes.filter((outcome) => outcome.kind === 'stored');
  const bad = outcomes.filter((outcome) => outcome.kind === 'failed');
  const named = bad.flatMap(({ identity, reason }) =>
    identity === undefined ? [] : [{ ...reference(identity), '00081197': { vr: 'US', Value: [reason] } }],
  );
  const nameless = [
    ...bad.flatMap(({ identity, reason }) => (identity === undefined ? [reason] : [])),
    ...(broken === undefined ? [] : [FAILURE_REASON.cannotUnderstand]),
  ].map((reason) => ({ '00081197': { vr: 'US', Value: [reason] } }));
  const studies = new Set(good.map(({ identity }) => studyUrl(base, identity)));
  const [onlyStudy] = studies;

  const body: DicomJson = {
    ...(studies.size === 1 && onlyStudy !== undefined
      ? { '00081190': { vr: 'UR', Value: [onlyStudy] } }
      : {}),
    ...(named.length > 0 ? { '00081198': { vr: 'SQ', Value: named } } : {}),
    ...(good.length > 0
      ? { '00081199': { vr: 'SQ', Value: good.map((outcome) => stored(base, outcome)) } }
      : {}),
    ...(nameless.length > 0 ? { '0008119A': { vr: 'SQ', Value: nameless } } : {}),
  };
  const clean = bad.length === 0 && broken === undefined && !good.some(({ conflict }) => conflict);
  if (outcomes.length === 0) return { status: 400, body };
  if (good.length === 0) return { status: 409, body };
  return { status: clean ? 200 : 202, body };
};
