import { z } from 'zod';

/** DIMSE services that a peer may offer us, as SOP classes. */
export const peerServices = [
  'verification',
  'find-patient-root',
  'find-study-root',
  'move-patient-root',
  'move-study-root',
  'get-patient-root',
  'get-study-root',
  'worklist',
  'mpps',
  'commitment',
  'availability',
] as const;
export type PeerService = (typeof peerServices)[number];

/** Transfer syntaxes by what they do to pixels. */
export const syntaxGroups = [
  'uncompressed',
  'deflated',
  'jpeg-baseline',
  'jpeg-lossless',
  'jpeg-ls',
  'jpeg-2000',
  'htj2k',
  'rle',
  'video',
] as const;
export type SyntaxGroup = (typeof syntaxGroups)[number];

/** What a peer said to a service: `refused`: it knows it, but not from us or not now (PS3.8 table 9-18). */
export const capabilityAnswers = ['accepted', 'refused', 'unsupported'] as const;
export type CapabilityAnswer = (typeof capabilityAnswers)[number];

/** What a peer accepted; empty lists when no association came about. */
export const Capabilities = z.object({
  services: z.array(z.object({ service: z.enum(peerServices), answer: z.enum(capabilityAnswers) })),
  /** The storage classes that matter here, those that it does not take too. */
  storage: z.array(
    z.object({
      sopClassUid: z.string(),
      /** PS3.6 keyword. */
      keyword: z.string(),
      /** The groups of which it takes at least one transfer syntax; empty: it does not take the class. */
      syntaxes: z.array(z.enum(syntaxGroups)),
    }),
  ),
  /** Bytes that it takes in one P-DATA-TF; 0 is unlimited, `null`: no association. */
  maxPduLength: z.int().nullable(),
});
