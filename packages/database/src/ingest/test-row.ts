import { createHash } from 'node:crypto';
import type { InstanceHeader } from '@archwire/contracts';
import type { TestTenant } from '../testing/index.ts';
import type { IngestRow } from './ingest-row.ts';

const EMPTY: InstanceHeader = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: '1.2.1',
  StudyInstanceUID: '1.2.1.1',
  SeriesInstanceUID: '1.2.1.1.1',
  TransferSyntaxUID: '1.2.840.10008.1.2.1',
  PatientID: 'P1',
  IssuerOfPatientID: null,
  PatientName: 'Doe^Jane',
  PatientBirthDate: '2010-05-17',
  PatientSex: 'F',
  StudyDate: '2026-01-05',
  StudyTime: '10:11:12',
  TimezoneOffsetFromUTC: null,
  StudyID: null,
  StudyDescription: null,
  AccessionNumber: null,
  ReferringPhysicianName: null,
  InstitutionName: null,
  Modality: 'CT',
  SeriesNumber: 1,
  SeriesDate: null,
  SeriesTime: null,
  SeriesDescription: null,
  BodyPartExamined: null,
  Laterality: null,
  StationName: null,
  Manufacturer: null,
  PerformedProcedureStepStartDate: null,
  PerformedProcedureStepStartTime: null,
  InstanceNumber: 1,
  Rows: 512,
  Columns: 512,
  BitsAllocated: 16,
  NumberOfFrames: 1,
  ContentDate: null,
  ContentTime: null,
};

/** A row for tests: `header` over plausible values, `bytes` any text that stands for the content. */
export const testRow = (
  tenant: TestTenant,
  header: Partial<InstanceHeader>,
  options: { readonly bytes?: string; readonly key?: string; readonly store?: string } = {},
): IngestRow => {
  const full = { ...EMPTY, ...header };
  const bytes = options.bytes ?? full.SOPInstanceUID;
  return {
    header: full,
    source: {
      tenantId: tenant.tenantId,
      locationId: tenant.locationId,
      deviceId: null,
      via: 'dimse',
      callingAe: 'TEST',
      calledAe: 'ARCHWIRE',
      address: '127.0.0.1',
      issuer: tenant.issuer,
      receivedAt: '2026-01-05T10:12:00.000Z',
    },
    location: {
      store: options.store ?? 'journal',
      key: options.key ?? `segment/${bytes}`,
      offset: 16,
      length: 1000,
    },
    sha256: createHash('sha256').update(bytes).digest(),
  };
};
