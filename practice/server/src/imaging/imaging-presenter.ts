import type { ConflictComparison, FoundPatient, QuarantinedStudy, QuarantinePage } from '@archwire/archive';

const presentSuggestion = ({ mrn, reasons, ...rest }: QuarantinedStudy['suggestions'][number]) => ({
  ...rest,
  recordNumber: mrn,
  reasons: [...reasons],
});

export const presentQuarantine = ({ studies, next }: QuarantinePage) => ({
  studies: studies.map((study) => ({ ...study, suggestions: study.suggestions.map(presentSuggestion) })),
  next,
});

const presentSide = ({ picture, placeholderReason }: ConflictComparison['shown']) => ({
  picture: `data:${picture.mediaType};base64,${picture.data.toString('base64')}`,
  placeholderReason,
});

export const presentComparison = ({ shown, other, ...rest }: ConflictComparison) => ({
  ...rest,
  shown: presentSide(shown),
  other: presentSide(other),
});

export const presentPatients = (page: {
  readonly patients: readonly FoundPatient[];
  readonly next: string | null;
}) => ({
  patients: page.patients.map((patient) => ({ ...patient, identifiers: [...patient.identifiers] })),
  next: page.next,
});
