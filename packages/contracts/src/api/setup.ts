import { z } from 'zod';
import { fullEndpoint } from './endpoint.ts';

const text = z.string().nullable();
export const SetupStep = z.enum(['group', 'locations', 'device', 'test-image']);
export const Setup = z.object({
  steps: z.array(z.object({ step: SetupStep, done: z.boolean() })),
  finished: z.boolean(),
  /** Nothing was done yet, and nothing arrived: this is a first run. */
  fresh: z.boolean(),
});
export const StepBody = z.strictObject({ step: SetupStep });
export const TestImageBody = z.strictObject({
  /** A device of the list whose AE title calls; without it our own, from this very machine. */
  deviceId: z.uuid().nullish(),
});
export const TestImage = z.object({
  studyInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  sopInstanceUid: z.string(),
  callingAe: z.string(),
  calledAe: z.string(),
  /** From the request for an association to the status of C-STORE. */
  milliseconds: z.number(),
});
export const TestImageQuery = z.strictObject({ sopInstanceUid: z.string().regex(/^[0-9.]{1,64}$/) });
export const TestImageState = z.object({
  indexed: z.boolean(),
  thumbnail: z.boolean(),
  /** Why there is only a placeholder. */
  placeholderReason: text,
  studyId: text,
});
const WRITE = 'accounts.group.write';

/** The first run: what is still to do, and a test image that this server sends to itself. */
export const setupApi = {
  read: fullEndpoint({
    method: 'get',
    path: '/setup',
    summary: 'What is still to do before the group can work.',
    permission: WRITE,
    response: Setup,
  }),
  confirm: fullEndpoint({
    method: 'post',
    path: '/setup/steps',
    summary: 'A step is done, or is not needed.',
    permission: WRITE,
    body: StepBody,
  }),
  finish: fullEndpoint({
    method: 'post',
    path: '/setup/finish',
    summary: 'Leave the first run.',
    permission: WRITE,
  }),
  sendTestImage: fullEndpoint({
    method: 'post',
    path: '/setup/test-image',
    summary: 'Send a test image of "Archwire^Test" to this server, over DIMSE as equipment does.',
    permission: WRITE,
    status: 201,
    body: TestImageBody,
    response: TestImage,
  }),
  testImage: fullEndpoint({
    method: 'get',
    path: '/setup/test-image',
    summary: 'How far the test image has come.',
    permission: WRITE,
    query: TestImageQuery,
    response: TestImageState,
  }),
  removeTestImage: fullEndpoint({
    method: 'post',
    path: '/setup/test-image/remove',
    summary: 'Reject the studies of "Archwire^Test" and forget this patient.',
    permission: WRITE,
  }),
} as const;
