import { storageSopClass } from '../storage-sop-class.ts';

/** Keyword of the SOP class, and the Directory Record Type below SERIES that refers to it (PS3.3 table F.4-1). */
const TYPES: readonly (readonly [keyword: RegExp, type: string])[] = [
  [/PresentationState/, 'PRESENTATION'],
  [/^KeyObjectSelection/, 'KEY OBJECT DOC'],
  [
    /SR(?:Storage)?$|SRStorage|^BasicText|^Enhanced.*SR|^Comprehensive.*SR|^ProcedureLog|^.*CADSR|^.*RadiationDose/,
    'SR DOCUMENT',
  ],
  [/^Encapsulated/, 'ENCAP DOC'],
  [/Waveform|^.*AudioStorage/, 'WAVEFORM'],
  [/^RawData/, 'RAW DATA'],
  [/SpatialRegistrationStorage/, 'REGISTRATION'],
  [/^SpatialFiducials/, 'FIDUCIAL'],
  [/^StereometricRelationship/, 'STEREOMETRIC'],
  [/^RealWorldValueMapping/, 'VALUE MAP'],
  [/^MRSpectroscopy/, 'SPECTROSCOPY'],
  [/^RTDose/, 'RT DOSE'],
  [/^RTStructureSet/, 'RT STRUCTURE SET'],
  [/^RT(?:Ion)?Plan/, 'RT PLAN'],
  [/^RT.*TreatmentRecord|^RTTreatmentSummary/, 'RT TREAT RECORD'],
  [/^SurfaceSegmentation|^SurfaceScan/, 'SURFACE'],
  [/^TractographyResults/, 'TRACT'],
  [/^ContentAssessment/, 'ASSESSMENT'],
];

/** `PRIVATE` for SOP classes that the standard does not know; images are what is nothing else. */
export const recordType = (sopClassUid: string): string => {
  const keyword = storageSopClass(sopClassUid)?.keyword;
  if (keyword === undefined) return 'PRIVATE';
  return TYPES.find(([pattern]) => pattern.test(keyword))?.[1] ?? 'IMAGE';
};
