import { deterministicUid } from '../dicom/deterministic-uid.ts';
import type { SyntheticPatient, SyntheticStudy } from '../dicom/modules.ts';
import { createRandom, seedOf } from '../drawing/random.ts';
import type { DeviceKey, Site } from './devices.ts';
import { people } from './people.ts';
import { objectCount, type RecordKind } from './records.ts';

/** Objects of one study that one device sends together. */
export interface Sending {
  readonly study: SyntheticStudy;
  readonly kind: RecordKind;
  /** `upload`: by STOW-RS, as a photo station of the second location does. */
  readonly by: DeviceKey | 'upload';
}

/** One visit and what was recorded at it. */
export interface Visit {
  readonly study: SyntheticStudy;
  readonly studyUid: string;
  readonly sendings: readonly Sending[];
  readonly objects: number;
}

/** How much of the clinic is made: `small` is for tests. */
export type ClinicSize = 'full' | 'small';

const DAY = 86_400_000;
const dicomDate = (date: Date): string => date.toISOString().slice(0, 10).replaceAll('-', '');

const SENDERS: Readonly<Record<Site, Readonly<Record<RecordKind, DeviceKey | 'upload'>>>> = {
  main: {
    panoramic: 'pano',
    ceph: 'ceph',
    photos: 'camera',
    bitewings: 'sensor',
    periapicals: 'sensor',
    cbct: 'cbct',
    scan: 'scanner',
  },
  second: {
    panoramic: 'cbct',
    ceph: 'ceph',
    photos: 'upload',
    bitewings: 'sensor',
    periapicals: 'sensor',
    cbct: 'cbct',
    scan: 'scanner',
  },
};

const visit = (
  patient: SyntheticPatient,
  number: number,
  at: { readonly index: number; readonly label: string; readonly progress: number; readonly day: number },
  date: Date,
  site: Site,
  kinds: readonly RecordKind[],
): Visit => {
  const random = createRandom(seedOf(`${patient.PatientID} ${at.index}`));
  const name = `demo/${patient.PatientID}/${at.index}`;
  const study: SyntheticStudy = {
    patient,
    name,
    StudyDate: dicomDate(date),
    StudyTime: `${String(8 + random.below(10)).padStart(2, '0')}${String(random.below(12) * 5).padStart(2, '0')}00`,
    StudyDescription: at.label,
    AccessionNumber: `D${String(number).padStart(5, '0')}${String(at.index).padStart(2, '0')}`,
    StudyID: String(at.index + 1),
    seed: seedOf(patient.PatientID),
    progress: at.progress,
    dayOfTreatment: at.day,
  };
  return {
    study,
    studyUid: deterministicUid(name),
    sendings: kinds.map((kind) => ({ study, kind, by: SENDERS[site][kind] })),
    objects: kinds.reduce((sum, kind) => sum + objectCount(kind), 0),
  };
};

const RECORDS: readonly (readonly RecordKind[])[] = [
  ['panoramic', 'bitewings'],
  ['photos', 'panoramic'],
  ['bitewings', 'periapicals'],
  ['panoramic'],
  ['scan', 'bitewings'],
  ['panoramic', 'ceph'],
  ['periapicals'],
];

/** A patient in treatment: Initial, then progress records over two years; what was recorded grows less from visit to visit. */
const treated = (patient: SyntheticPatient, number: number, visits: number, today: Date): Visit[] => {
  const random = createRandom(seedOf(`treatment ${patient.PatientID}`));
  const site: Site = number % 3 === 2 ? 'second' : 'main';
  const length = visits === 2 ? 200 : 560 + random.below(150);
  const last = 1 + random.below(20);
  return Array.from({ length: visits }, (_, index) => {
    const day = Math.round((length * index) / (visits - 1));
    const first = index === 0;
    const kinds: RecordKind[] = ['panoramic', 'photos'];
    if (first || index === visits - 1) kinds.push('ceph');
    if (first) kinds.push('bitewings');
    if (first && number === 1) kinds.push('cbct', 'scan');
    if (number === 1 && index === visits - 1) kinds.push('scan');
    return visit(
      patient,
      number,
      {
        index,
        label: first ? 'Initial' : `Progress ${index}`,
        progress: (index / (visits - 1)) * 0.92,
        day,
      },
      new Date(today.getTime() - (last + length - day) * DAY),
      site,
      kinds,
    );
  });
};

const seenOnce = (patient: SyntheticPatient, number: number, today: Date): Visit[] => {
  const random = createRandom(seedOf(`visit ${patient.PatientID}`));
  const kinds = number === 23 ? (['cbct', 'panoramic'] as const) : RECORDS[number % RECORDS.length];
  return [
    visit(
      patient,
      number,
      { index: 0, label: 'Consultation', progress: random.next() * 0.6, day: 0 },
      new Date(today.getTime() - random.below(420) * DAY),
      number % 3 === 2 ? 'second' : 'main',
      kinds ?? ['panoramic'],
    ),
  ];
};

/** Visits whose identity does not fit: no Patient ID, another name, another birth date under a known Patient ID. */
const misfits = (today: Date): Visit[] => {
  const [first, second, third] = people;
  if (first === undefined || second === undefined || third === undefined) return [];
  const wrong: readonly (readonly [SyntheticPatient, RecordKind])[] = [
    [{ ...first, PatientID: '', IssuerOfPatientID: '' }, 'panoramic'],
    [{ ...second, PatientName: 'Okoro^Daniela', PatientSex: 'F' }, 'bitewings'],
    [{ ...third, PatientBirthDate: '20031124' }, 'panoramic'],
    [{ ...first, PatientID: '', IssuerOfPatientID: '', PatientName: 'RUIZ^CAMILE' }, 'periapicals'],
  ];
  return wrong.map(([patient, kind], index) =>
    visit(
      patient,
      90 + index,
      { index: 90 + index, label: 'Radiographs', progress: 0.4, day: 0 },
      new Date(today.getTime() - index * DAY),
      'main',
      [kind],
    ),
  );
};

/** Everything that the demonstration sends, when its last day is `today`. The same day gives the same objects. */
export const clinicVisits = (today: Date, size: ClinicSize = 'full'): Visit[] => {
  const patients = size === 'full' ? people : people.slice(0, 4);
  const inTreatment = size === 'full' ? 12 : 1;
  const visits = patients.flatMap((patient, index) =>
    index < inTreatment
      ? treated(patient, index + 1, index % 3 === 2 && index > 2 ? 2 : index === 0 ? 4 : 3, today)
      : seenOnce(patient, index + 1, today),
  );
  return [...visits, ...misfits(today)];
};

/** The study whose date tells a later run when the clinic was made. */
export const anchorStudy = (): { readonly studyUid: string; readonly daysBeforeToday: number } => {
  const today = new Date(Date.UTC(2000, 0, 1));
  const last = clinicVisits(today, 'small').find(({ study }) => study.StudyDescription === 'Progress 3');
  if (last === undefined) throw new Error('The first patient has no Progress 3.');
  const { StudyDate: text } = last.study;
  const date = Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8)));
  return { studyUid: last.studyUid, daysBeforeToday: (today.getTime() - date) / DAY };
};

/** The sending whose panoramic comes a second time with other bytes. */
export const conflictOf = (visits: readonly Visit[]): Sending | undefined =>
  visits
    .find(({ study }) => study.patient.PatientID === people[1]?.PatientID)
    ?.sendings.find(({ kind }) => kind === 'panoramic');
