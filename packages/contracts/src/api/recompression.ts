import { z } from 'zod';
import { fullEndpoint } from './endpoint.ts';
import { IdParams } from './group.ts';

/** Originals stay as they came; are recompressed when they have not been looked at for a while; as they are settled. */
export const RecompressionPolicy = z.enum(['off', 'idle', 'ingest']);
export type RecompressionPolicy = z.infer<typeof RecompressionPolicy>;

/** `recompressed`, or why the bytes stayed as they came. */
export const RecompressionOutcome = z
  .enum([
    'recompressed',
    'no-pixels',
    'compressed',
    'lossy',
    'encoding',
    'bits',
    'color',
    'layout',
    'unreadable',
    'too-large',
    'larger',
    'not-exact',
  ])
  // An older page may not know what a newer server found.
  .catch('layout');

export const RecompressionSum = z.object({
  /** What a person calls the picture: `panoramic`, `cbct` … */
  kind: z.string(),
  outcome: RecompressionOutcome,
  instances: z.int(),
  /** As received, and as they lie now. */
  receivedBytes: z.int(),
  storedBytes: z.int(),
});

export const RecompressionReport = z.object({
  policy: RecompressionPolicy,
  sums: z.array(RecompressionSum),
  /** Series that wait to be packed anew. */
  waiting: z.int(),
});

export const StudyRecompression = z.object({
  sums: z.array(RecompressionSum),
  waiting: z.int(),
});

export const PolicyChange = z.strictObject({
  policy: RecompressionPolicy,
  /** Also what lies here already, not only what comes from now on. */
  includeStored: z.boolean().default(false),
});

/** Lossless recompression of originals: what the group wants, and what it saves. */
export const recompressionApi = {
  report: fullEndpoint({
    method: 'get',
    path: '/recompression',
    summary: 'What lossless recompression saves, by kind of image, and what was left alone and why.',
    permission: 'operations.health.read',
    response: RecompressionReport,
  }),
  change: fullEndpoint({
    method: 'put',
    path: '/recompression',
    summary: 'Choose when originals are recompressed.',
    permission: 'operations.health.write',
    body: PolicyChange,
    response: RecompressionReport,
  }),
  study: fullEndpoint({
    method: 'get',
    path: '/studies/:id/recompression',
    summary: 'What recompression did to one study.',
    permission: 'imaging.study.read',
    params: IdParams,
    response: StudyRecompression,
  }),
  restore: fullEndpoint({
    method: 'post',
    path: '/studies/:id/recompression/restore',
    summary: 'Store the originals of a study as they were received again.',
    permission: 'operations.health.write',
    params: IdParams,
    response: StudyRecompression,
  }),
} as const;
