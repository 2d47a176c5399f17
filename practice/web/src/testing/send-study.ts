import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { intraoral, INTRAORAL_SURVEY, type SyntheticPatient } from '@archwire/test-data';

const run = promisify(execFile);

export interface SentStudy extends Partial<SyntheticPatient> {
  /** Names the study; the same name gives the same UIDs. */
  readonly name: string;
  readonly description?: string;
  /** Another one draws other teeth: the same images with other bytes. */
  readonly seed?: number;
  /** At most eight. */
  readonly images?: number;
}

interface Receiver {
  readonly host?: string;
  readonly port: number;
  readonly callingAe?: string;
  readonly calledAe?: string;
}

/** Sends generated intraoral radiographs over DICOM with DCMTK's storescu, as a sensor does. Rejects when it is refused. */
export const sendStudy = async (
  { host = '127.0.0.1', port, callingAe = 'SENSOR', calledAe = 'ARCHWIRE' }: Receiver,
  { name, description = 'Intraoral survey', seed = 7, images = 1, ...patient }: SentStudy,
): Promise<void> => {
  const study = {
    patient: {
      PatientID: 'P-100',
      IssuerOfPatientID: '',
      PatientName: 'Ruiz^Camille',
      PatientBirthDate: '20120302',
      PatientSex: 'F' as const,
      ...patient,
    },
    name,
    StudyDate: '20261120',
    StudyTime: '101200',
    StudyDescription: description,
    AccessionNumber: '',
    StudyID: '1',
    seed,
    progress: 0.5,
    dayOfTreatment: 100,
  };
  const folder = await mkdtemp(path.join(tmpdir(), 'archwire-send-'));
  const files: string[] = [];
  for (const [at, exposure] of INTRAORAL_SURVEY.slice(0, images).entries()) {
    const file = path.join(folder, `${at}.dcm`);
    await writeFile(file, await intraoral(study, exposure, at + 1));
    files.push(file);
  }
  try {
    await run('storescu', ['-aet', callingAe, '-aec', calledAe, host, String(port), ...files]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
