import { z } from 'zod';
import { fullEndpoint, publicEndpoint } from './endpoint.ts';

const Instant = z.iso.datetime();
const WRITE = 'imaging.share.write';

export const SHARE_LIMITS = {
  minHours: 1,
  maxHours: 24 * 30,
  passcodeMin: 4,
  /** Wrong passcodes after which a link opens for nobody any more. */
  failures: 10,
} as const;

/** What whoever has the link may take along. */
export const ShareDownload = z.enum(['none', 'dicom', 'jpeg']);

export const NewShare = z.strictObject({
  studyId: z.uuid(),
  hours: z.int().min(SHARE_LIMITS.minHours).max(SHARE_LIMITS.maxHours),
  passcode: z.string().trim().min(SHARE_LIMITS.passcodeMin).max(64).optional(),
  download: ShareDownload.default('none'),
});
export type NewShare = z.infer<typeof NewShare>;

/** `locked`: too many wrong passcodes. */
export const ShareState = z.enum(['open', 'expired', 'revoked', 'locked']);

export const Share = z.object({
  id: z.uuid(),
  state: ShareState,
  studyId: z.uuid(),
  patientName: z.string().nullable(),
  studyDate: z.string().nullable(),
  hasPasscode: z.boolean(),
  download: ShareDownload,
  createdBy: z.string().nullable(),
  createdAt: Instant,
  expiresAt: Instant,
  openings: z.int(),
  openedAt: Instant.nullable(),
});
export type Share = z.infer<typeof Share>;
export const SharePage = z.object({ shares: z.array(Share).readonly(), next: z.uuid().nullable() });

export const MadeShare = z.object({
  share: Share,
  /** Shown once: it opens the study. Pages put it behind the `#` of an address, which no server and no log ever sees. */
  token: z.string(),
});

const SharedImage = z.object({
  instanceId: z.string(),
  view: z.string(),
  /** Its pictures are at `/api/v1/shared/:shareId/pictures/:instanceId/:version/:kind`; `null`: not made yet. */
  version: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
});
const SharedSeries = z.object({
  seriesId: z.uuid(),
  modality: z.string().nullable(),
  instanceCount: z.int(),
  /** The first of many. */
  images: z.array(SharedImage).readonly(),
});

/** What a link shows: pictures of one study, and not a word of whom. */
export const SharedStudy = z.object({
  shareId: z.uuid(),
  groupName: z.string(),
  locationName: z.string(),
  studyDate: z.string().nullable(),
  expiresAt: Instant,
  series: z.array(SharedSeries).readonly(),
  /** The file is at `/api/v1/shared/:shareId/file`. */
  download: z
    .object({
      format: z.enum(['dicom', 'jpeg']),
      state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'expired']),
      bytes: z.int(),
    })
    .nullable(),
});
export type SharedStudy = z.infer<typeof SharedStudy>;

/** Links that show a study to somebody without an account. */
export const sharesApi = {
  create: fullEndpoint({
    method: 'post',
    path: '/shares',
    summary: 'Make a link that shows a study for a while.',
    permission: WRITE,
    status: 201,
    body: NewShare,
    response: MadeShare,
  }),
  list: fullEndpoint({
    method: 'get',
    path: '/shares',
    summary:
      'Links, newest first: one’s own, and all of the group for an administrator; of one study if named.',
    permission: WRITE,
    query: z.strictObject({ studyId: z.uuid().optional(), after: z.uuid().optional() }),
    response: SharePage,
  }),
  revoke: fullEndpoint({
    method: 'delete',
    path: '/shares/:id',
    summary: 'Close a link at once.',
    permission: WRITE,
    params: z.strictObject({ id: z.uuid() }),
  }),
  open: publicEndpoint({
    method: 'post',
    path: '/shares/open',
    summary: 'What a link shows. It sets a cookie for the pictures, for an hour at most.',
    guarded: true,
    body: z.strictObject({ token: z.string().max(200), passcode: z.string().max(64).optional() }),
    response: SharedStudy,
  }),
} as const;
