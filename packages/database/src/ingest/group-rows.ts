import { AppError, type InstanceHeader } from '@archwire/contracts';
import { foldName } from '../fold-name.ts';
import type { IngestRow } from './ingest-row.ts';
import { safeDate, safeInt2, safeInt4, safeText } from './safe-value.ts';

/** Both parts of a patient identifier stand in one index entry. */
const IDENTITY_LIMIT = 300;

/** What `ingest_batch` takes: each study, series and patient once, instances pointing at them by number from 1. */
export interface IngestGroups {
  readonly uids: string[];
  readonly studies: Record<string, unknown>[];
  readonly series: Record<string, unknown>[];
  readonly patients: Record<string, unknown>[];
  readonly instances: Record<string, unknown>[];
}

/** Answers the number of the key, making its entry when it is new. */
const numberOf = (
  numbers: Map<string, number>,
  list: Record<string, unknown>[],
  key: string,
  make: () => Record<string, unknown>,
): number => {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const n = list.push({});
  list[n - 1] = { n, ...make() };
  numbers.set(key, n);
  return n;
};

const studyOf = (header: InstanceHeader, row: IngestRow): Record<string, unknown> => ({
  uid: header.StudyInstanceUID,
  location_id: row.source.locationId,
  issuer: safeText(row.source.issuer, IDENTITY_LIMIT) ?? '',
  date: safeDate(header.StudyDate),
  time: safeText(header.StudyTime),
  timezone: safeText(header.TimezoneOffsetFromUTC),
  dicom_id: safeText(header.StudyID),
  description: safeText(header.StudyDescription),
  accession_no: safeText(header.AccessionNumber),
  referring_name: safeText(header.ReferringPhysicianName),
  institution_name: safeText(header.InstitutionName),
});

const seriesOf = (header: InstanceHeader, study: number): Record<string, unknown> => ({
  study,
  uid: header.SeriesInstanceUID,
  modality: safeText(header.Modality, 64),
  number: safeInt4(header.SeriesNumber),
  date: safeDate(header.SeriesDate),
  time: safeText(header.SeriesTime),
  description: safeText(header.SeriesDescription),
  body_part: safeText(header.BodyPartExamined),
  laterality: safeText(header.Laterality),
  station_name: safeText(header.StationName),
  manufacturer: safeText(header.Manufacturer),
  pps_date: safeDate(header.PerformedProcedureStepStartDate),
  pps_time: safeText(header.PerformedProcedureStepStartTime),
});

/** The later rows of a batch fill what the first one left empty. */
const fill = (target: Record<string, unknown> | undefined, later: Record<string, unknown>): void => {
  if (target === undefined) return;
  for (const [name, value] of Object.entries(later)) target[name] ??= value;
};

/** Groups rows of one tenant. @throws AppError `internal` when they belong to several. */
export const groupRows = (rows: readonly IngestRow[]): IngestGroups => {
  const groups: IngestGroups = { uids: [], studies: [], series: [], patients: [], instances: [] };
  const numbers = {
    studies: new Map<string, number>(),
    series: new Map<string, number>(),
    patients: new Map<string, number>(),
  };
  const uids = new Set<string>();
  const seen = new Set<string>();
  const tenantId = rows[0]?.source.tenantId;

  for (const [index, row] of rows.entries()) {
    const { header, source, location } = row;
    if (source.tenantId !== tenantId)
      throw new AppError('internal', 'One ingest batch holds the rows of one tenant.');

    const values = studyOf(header, row);
    const study = numberOf(numbers.studies, groups.studies, header.StudyInstanceUID, () => values);
    fill(groups.studies[study - 1], values);
    const series = numberOf(numbers.series, groups.series, `${study} ${header.SeriesInstanceUID}`, () =>
      seriesOf(header, study),
    );

    const patId = safeText(header.PatientID?.trim() ?? null, IDENTITY_LIMIT);
    const issuer = safeText(header.IssuerOfPatientID?.trim() || source.issuer, IDENTITY_LIMIT) ?? '';
    const name = safeText(header.PatientName);
    const birthDate = safeDate(header.PatientBirthDate);
    const sex = safeText(header.PatientSex, 16);
    const patientKey = JSON.stringify([study, patId, issuer, name, birthDate, sex]);
    const patient = numberOf(numbers.patients, groups.patients, patientKey, () => ({
      study,
      pat_id: patId,
      issuer,
      name,
      folded: safeText(foldName(name)),
      birth_date: birthDate,
      sex,
    }));

    uids.add(header.SOPClassUID).add(header.TransferSyntaxUID);
    groups.instances.push({
      n: index + 1,
      first: !seen.has(header.SOPInstanceUID),
      series,
      patient,
      sop: header.SOPInstanceUID,
      class: header.SOPClassUID,
      syntax: header.TransferSyntaxUID,
      number: safeInt4(header.InstanceNumber),
      rows: safeInt4(header.Rows),
      columns: safeInt4(header.Columns),
      bits: safeInt2(header.BitsAllocated),
      frames: safeInt4(header.NumberOfFrames),
      sha: row.sha256.toString('hex'),
      store: location.store,
      key: location.key,
      offset: location.offset,
      length: location.length,
      device_id: source.deviceId,
      arrived_at: source.receivedAt,
    });
    seen.add(header.SOPInstanceUID);
  }
  groups.uids.push(...uids);
  return groups;
};
