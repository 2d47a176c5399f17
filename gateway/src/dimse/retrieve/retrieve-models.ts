import type { QueryRoot } from '../query/query-models.ts';

/** MOVE SOP classes by UID (PS3.4 C.6); the retired Patient/Study Only is not served. */
export const MOVE_MODELS: ReadonlyMap<string, QueryRoot> = new Map([
  ['1.2.840.10008.5.1.4.1.2.1.2', 'patient'],
  ['1.2.840.10008.5.1.4.1.2.2.2', 'study'],
]);

/** GET SOP classes by UID. */
export const GET_MODELS: ReadonlyMap<string, QueryRoot> = new Map([
  ['1.2.840.10008.5.1.4.1.2.1.3', 'patient'],
  ['1.2.840.10008.5.1.4.1.2.2.3', 'study'],
]);
