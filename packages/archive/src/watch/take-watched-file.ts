import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type IngestSource } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { recordFileKind, type RecordStudy, uidOf } from '@archwire/dicom';
import type { Ingest } from '../ingest/ingest.ts';
import { sniff, SNIFF_BYTES } from '../import/sniff.ts';
import { failedResult, type FileResult, storeObject } from '../import/store-object.ts';
import { readRecordStudy } from '../record/read-record-study.ts';
import { storeRecordFile } from '../record/store-record-file.ts';
import type { WatchedFile } from './list-watched-files.ts';

/** A folder that a device writes into, as the registration has it. */
export interface WatchedFolder {
  readonly tenant_id: string;
  readonly device_id: string;
  readonly location_id: string;
  readonly issuer: string;
  readonly folder: string;
}

const MOST_BYTES = 256 * 1024 * 1024;

const sourceOf = (watched: WatchedFolder): IngestSource => ({
  tenantId: watched.tenant_id,
  locationId: watched.location_id,
  issuer: watched.issuer,
  deviceId: watched.device_id,
  via: 'import',
  callingAe: null,
  calledAe: null,
  address: null,
  receivedAt: new Date().toISOString(),
});

/** The Patient ID that a file is named by: what stands before the first `_` of its folder's name, else of its own. */
const namedPatientId = (file: string): string | undefined => {
  const parts = file.split('/');
  return parts
    .map((part) => /^([^_]{1,64})_/.exec(part)?.[1]?.trim())
    .find((word) => word !== undefined && word !== '');
};

const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** Whose a file is that says nothing itself: the patient it is named by, or nobody, which is the quarantine. */
const studyOf = async (
  withTenant: WithTenant,
  watched: WatchedFolder,
  file: WatchedFile,
): Promise<RecordStudy> => {
  const date = dayOf(file.modifiedMs);
  const named = namedPatientId(file.path);
  const known =
    named === undefined
      ? undefined
      : await withTenant(watched.tenant_id, async (trx) => {
          const patient = await trx('patient_identifier')
            .where({ issuer: watched.issuer, value: named })
            .first<{ patient_id: string } | undefined>('patient_id');
          if (patient === undefined) return undefined;
          return await readRecordStudy(trx, {
            tenant_id: watched.tenant_id,
            patient_id: patient.patient_id,
            record_study_id: null,
            study_date: date,
            study_description: '',
            location_id: watched.location_id,
          });
        });
  if (known !== undefined) return known;
  const word = (named ?? path.posix.parse(file.path).name).replaceAll(/[\\\p{Cc}]/gu, ' ').slice(0, 64);
  return {
    PatientID: '',
    IssuerOfPatientID: '',
    PatientName: '',
    PatientBirthDate: '',
    PatientSex: '',
    StudyInstanceUID: uidOf('watched', watched.tenant_id, watched.device_id, date, word),
    StudyDate: date.replaceAll('-', ''),
    StudyTime: '',
    // What whoever decides in the quarantine has to go by.
    StudyDescription: word,
    AccessionNumber: '',
    StudyID: '',
    ReferringPhysicianName: '',
  };
};

const refused = (reason: 'symbolic-link' | 'record-kind' | 'too-large'): FileResult => ({
  outcome: 'refused',
  reason,
  sopInstanceUid: null,
});

/**
 * Gives one file of a watched folder to the archive: DICOM files with the identity that they have, photographs, 3D models
 * and PDFs with the one that they are named by. @throws whatever may pass by itself.
 */
export const takeWatchedFile = async (
  { withTenant, ingest }: { readonly withTenant: WithTenant; readonly ingest: Ingest },
  folder: string,
  watched: WatchedFolder,
  file: WatchedFile,
): Promise<FileResult> => {
  if (file.isStrange) return refused('symbolic-link');
  if (file.size === 0) return { outcome: 'skipped', reason: 'empty', sopInstanceUid: null };
  // A link that took the place of the file meanwhile is not followed.
  const handle = await open(path.join(folder, file.path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const head = Buffer.alloc(Math.min(SNIFF_BYTES, file.size));
    await handle.read(head, 0, head.length, 0);
    const kind = sniff(head);
    const source = sourceOf(watched);
    if (kind === 'part10' || kind === 'without-preamble' || kind === 'data-set') {
      if (recordFileKind(head, file.size) === undefined || kind === 'part10')
        return await storeObject(
          ingest,
          source,
          kind,
          handle.createReadStream({ start: 0, autoClose: false }),
        );
    }
    if (kind === 'directory') return { outcome: 'skipped', reason: 'directory-read', sopInstanceUid: null };
    if (kind === 'zip') return refused('record-kind');
    if (file.size > MOST_BYTES) return refused('too-large');
    const study = await studyOf(withTenant, watched, file);
    const bytes = Buffer.alloc(file.size);
    const { bytesRead } = await handle.read(bytes, 0, file.size, 0);
    if (bytesRead !== file.size)
      throw new AppError('unavailable', 'The file changed while it was read. It is read again.');
    const isKnown = async (uid: string): Promise<boolean> =>
      await withTenant(
        watched.tenant_id,
        async (trx) => (await trx('instance').where({ sop_uid: uid }).first('id')) !== undefined,
      );
    return await storeRecordFile({ ingest, isKnown }, source, study, {
      bytes,
      name: file.path,
      shows: null,
      event: null,
    });
  } catch (error) {
    return failedResult(error);
  } finally {
    await handle.close();
  }
};
