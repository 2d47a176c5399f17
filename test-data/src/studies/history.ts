import type { SyntheticPatient, SyntheticStudy } from '../dicom/modules.ts';
import { createRandom, seedOf } from '../drawing/random.ts';

const FAMILY: readonly [string, ...string[]] = [
  'Ruiz',
  'Okafor',
  'Nguyen',
  'Lefèvre',
  'Müller',
  'García',
  'Ivanova',
  'Haddad',
  'Silva',
  'Tremblay',
  'Kowalski',
  'Østergård',
];
const GIVEN: readonly [string, ...string[]] = [
  'Camille',
  'Daniel',
  'Lan',
  'Zoé',
  'Jürgen',
  'Inés',
  'Mila',
  'Omar',
  'Beatriz',
  'Élodie',
  'Piotr',
  'Signe',
];

/** A patient of the synthetic clinic; the number alone decides name, age and anatomy. */
export const syntheticPatient = (number: number): SyntheticPatient => {
  const random = createRandom(seedOf(`patient ${number}`));
  const year = 2004 + random.below(12);
  const day = `${String(1 + random.below(12)).padStart(2, '0')}${String(1 + random.below(28)).padStart(2, '0')}`;
  return {
    PatientID: `AW-${String(number).padStart(5, '0')}`,
    IssuerOfPatientID: 'ARCHWIRE-DEMO',
    PatientName: `${random.pick(FAMILY)}^${random.pick(GIVEN)}`,
    PatientBirthDate: `${year}${day}`,
    PatientSex: random.pick(['F', 'M']),
  };
};

const dicomDate = (date: Date): string => date.toISOString().slice(0, 10).replaceAll('-', '');

/**
 * The visits of one patient in treatment: Initial, then `progresses` progress records some 150 days apart. The teeth move
 * evenly from crowded to nearly aligned, so `dentition(seed, progress)` is the truth at each visit.
 */
export const treatmentHistory = (
  number: number,
  progresses: number,
  firstDay = new Date(Date.UTC(2025, 0, 15)),
): SyntheticStudy[] => {
  const patient = syntheticPatient(number);
  const random = createRandom(seedOf(`history ${number}`));
  const seed = seedOf(patient.PatientID);
  let dayOfTreatment = 0;
  return Array.from({ length: progresses + 1 }, (_, visit): SyntheticStudy => {
    if (visit > 0) dayOfTreatment += 120 + random.below(60);
    const date = new Date(firstDay.getTime() + dayOfTreatment * 86_400_000);
    return {
      patient,
      name: `${patient.PatientID}/visit-${visit}`,
      StudyDate: dicomDate(date),
      StudyTime: `${String(8 + random.below(9)).padStart(2, '0')}${String(random.below(60)).padStart(2, '0')}00`,
      StudyDescription: visit === 0 ? 'Initial' : `Progress ${visit}`,
      AccessionNumber: `D${String(number).padStart(5, '0')}${String(visit).padStart(2, '0')}`,
      StudyID: String(visit + 1),
      seed,
      progress: progresses === 0 ? 0 : (visit / progresses) * 0.9,
      dayOfTreatment,
    };
  });
};
