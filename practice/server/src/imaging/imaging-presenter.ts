import type { FoundPatient, QuarantinedStudy, QuarantinePage } from '@archwire/archive';

const presentSuggestion = ({ mrn, reasons, ...rest }: QuarantinedStudy['suggestions'][number]) => ({
  ...rest,
  recordNumber: mrn,
  reasons: [...reasons],
});

export const presentQuarantine = ({ studies, next }: QuarantinePage) => ({
  studies: studies.map((study) => ({ ...study, suggestions: study.suggestions.map(presentSuggestion) })),
  next,
});

export const presentPatients = (page: {
  readonly patients: readonly FoundPatient[];
  readonly next: string | null;
}) => ({
  patients: page.patients.map((patient) => ({ ...patient, identifiers: [...patient.identifiers] })),
  next: page.next,
});
