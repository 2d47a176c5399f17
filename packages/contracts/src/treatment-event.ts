/** Where in a treatment a visit stands, as photographs say it (PS3.16 CID 4070). */
export const TREATMENT_EVENTS = ['pretreatment', 'initial', 'progress', 'final', 'retention'] as const;
export type TreatmentEvent = (typeof TREATMENT_EVENTS)[number];
