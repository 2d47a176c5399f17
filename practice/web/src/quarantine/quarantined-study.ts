import type { EndpointResponse } from '@archwire/contracts/api';
import type { imagingApi } from '@archwire/contracts/api/imaging';
import type { AssignableStudy } from './assign-dialog/assign-dialog.tsx';
import type { Candidate } from './assign-dialog/candidate.ts';

export type QuarantinedStudy = EndpointResponse<typeof imagingApi.quarantine>['studies'][number];

/** What the dialog has to know of a quarantined study. */
export const assignable = (study: QuarantinedStudy): AssignableStudy => ({
  studyId: study.studyId,
  alike: study.alike,
  received: {
    name: study.patientName,
    birthDate: study.birthDate,
    sex: study.sex,
    identifiers: study.patientId === null ? [] : [{ issuer: study.issuer, value: study.patientId }],
  },
});

/** Those whom it may belong to, the likeliest first. */
export const candidatesOf = (study: QuarantinedStudy): readonly Candidate[] =>
  study.suggestions.map(
    ({
      patientId,
      registration,
      recordNumber,
      name,
      birthDate,
      sex,
      identifiers,
      studyCount,
      lastStudyDate,
    }) => ({
      patientId,
      isRegistered: registration === 'registered',
      recordNumber,
      name,
      birthDate,
      sex,
      identifiers,
      studyCount,
      lastStudyDate,
    }),
  );
