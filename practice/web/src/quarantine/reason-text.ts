import type { messages } from './messages.ts';

const REASONS = ['missing-patient-id', 'name-differs', 'birth-date-differs', 'patient-id-differs'] as const;

/** Which text says why a study waits. */
export const reasonText = (reason: string | null): keyof (typeof messages)['en'] =>
  `reason-${REASONS.find((known) => known === reason) ?? 'other'}`;
