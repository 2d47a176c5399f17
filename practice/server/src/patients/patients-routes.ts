import {
  findPatients,
  readPatient,
  readSeriesImages,
  readStudy,
  readTimeline,
  whereStudy,
} from '@archwire/archive';
import type { Principal } from '@archwire/contracts';
import { patientsApi } from '@archwire/contracts/api/patients';
import type { WithTenant } from '@archwire/database';
import { fullRoute, type Route } from '../api/route.ts';

export interface PatientsDeps {
  readonly withTenant: WithTenant;
  /** Notes who looked at whom; once for all the requests of one page. */
  readonly audit: {
    note(
      principal: Principal,
      entry: {
        readonly action: 'imaging.patient.viewed' | 'imaging.patient.queried' | 'imaging.study.viewed';
        readonly studyUid: string | null;
        readonly patientId?: string;
      },
    ): void;
  };
}

/** Patients and what was imaged of them, for whoever may look at images. */
export const patientsRoutes = ({ withTenant, audit }: PatientsDeps): readonly Route[] => [
  fullRoute(patientsApi.search, async ({ principal, body }) => {
    const found = await findPatients(withTenant, principal, body);
    audit.note(principal, { action: 'imaging.patient.queried', studyUid: null });
    return { body: found };
  }),
  fullRoute(patientsApi.get, async ({ principal, params }) => {
    const patient = await readPatient(withTenant, principal, params.id);
    audit.note(principal, { action: 'imaging.patient.viewed', studyUid: null, patientId: params.id });
    return { body: patient };
  }),
  fullRoute(patientsApi.timeline, async ({ principal, params, query }) => {
    const timeline = await readTimeline(withTenant, principal, { patientId: params.id, ...query });
    audit.note(principal, { action: 'imaging.patient.viewed', studyUid: null, patientId: params.id });
    return { body: timeline };
  }),
  fullRoute(patientsApi.study, async ({ principal, params }) => {
    const study = await readStudy(withTenant, principal, params.id);
    audit.note(principal, { action: 'imaging.study.viewed', studyUid: study.studyInstanceUid });
    return { body: study };
  }),
  fullRoute(patientsApi.whereStudy, async ({ principal, params }) => {
    const where = await whereStudy(withTenant, principal, params.uid);
    audit.note(principal, { action: 'imaging.study.viewed', studyUid: params.uid });
    return { body: where };
  }),
  fullRoute(patientsApi.seriesImages, async ({ principal, params, query }) => ({
    body: await readSeriesImages(withTenant, principal, {
      studyId: params.id,
      seriesId: params.seriesId,
      ...query,
    }),
  })),
];
