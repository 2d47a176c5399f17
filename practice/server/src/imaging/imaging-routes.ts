import {
  assignStudy,
  listConflicts,
  listQuarantine,
  mergePatients,
  rejectStudy,
  resolveConflict,
  type Stores,
  undoMerge,
} from '@archwire/archive';
import type { WithTenant } from '@archwire/database';
import { z } from 'zod';
import { fullRoute, type Route } from '../api/route.ts';

const IdParams = z.strictObject({ id: z.uuid() });
const Reason = z.string().trim().min(1).max(500);
const text = z.string().nullable();

const Quarantine = z.strictObject({
  studies: z.array(
    z.strictObject({
      studyId: z.uuid(),
      studyInstanceUid: z.string(),
      reason: z.string(),
      patientId: text,
      patientName: text,
      birthDate: text,
      sex: text,
      studyDate: text,
      description: text,
      instanceCount: z.int(),
      firstAt: z.string(),
      suggestions: z.array(
        z.strictObject({
          patientId: z.uuid(),
          registration: z.enum(['registered', 'imaging-only']),
          name: text,
          birthDate: text,
          sex: text,
          reasons: z.array(z.enum(['same-identifier', 'same-name', 'same-birth-date'])),
        }),
      ),
    }),
  ),
});
const bytes = z.strictObject({ sha256: z.string(), length: z.int() });
const Conflicts = z.strictObject({
  conflicts: z.array(
    z.strictObject({
      conflictId: z.uuid(),
      instanceId: z.string(),
      sopInstanceUid: z.string(),
      seriesInstanceUid: z.string(),
      studyInstanceUid: z.string(),
      shown: bytes,
      other: bytes,
      deviceId: z.uuid().nullable(),
      receivedAt: z.string(),
    }),
  ),
});
/** Where the page before ended: its last study. */
const Before = z
  .strictObject({ beforeFirstAt: z.string().min(1).max(40), beforeStudyId: z.uuid() })
  .partial();

/** What people decide about images that do not fit: quarantine, identity, two sets of bytes under one UID. */
export const imagingRoutes = (deps: {
  readonly withTenant: WithTenant;
  readonly stores: Stores;
}): readonly Route[] => [
  fullRoute(
    {
      method: 'get',
      path: '/imaging/quarantine',
      summary: 'Studies that wait for somebody to say whose they are, newest first, with suggestions.',
      permission: 'imaging.reconcile.write',
      query: Before,
      response: Quarantine,
    },
    async ({ principal, query: { beforeFirstAt, beforeStudyId } }) => {
      const before =
        beforeFirstAt === undefined || beforeStudyId === undefined
          ? null
          : { firstAt: beforeFirstAt, studyId: beforeStudyId };
      const studies = await listQuarantine(deps.withTenant, principal, before);
      return {
        body: {
          studies: studies.map((study) => ({
            ...study,
            suggestions: study.suggestions.map((suggestion) => ({
              ...suggestion,
              reasons: [...suggestion.reasons],
            })),
          })),
        },
      };
    },
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/studies/:id/assign',
      summary: 'Say whose study this is.',
      permission: 'imaging.reconcile.write',
      params: IdParams,
      body: z.strictObject({
        patientId: z.uuid(),
        reason: Reason,
        rememberIdentifier: z.boolean().default(false),
      }),
    },
    async ({ principal, params, body }) => {
      await assignStudy(deps.withTenant, principal, { studyId: params.id, ...body });
      return {};
    },
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/studies/:id/reject',
      summary: 'Say that this study belongs to nobody here. Its bytes are kept.',
      permission: 'imaging.reconcile.write',
      params: IdParams,
      body: z.strictObject({ reason: Reason }),
    },
    async ({ principal, params, body }) => {
      await rejectStudy(deps.withTenant, principal, { studyId: params.id, ...body });
      return {};
    },
  ),
  fullRoute(
    {
      method: 'get',
      path: '/imaging/conflicts',
      summary: 'Instances that arrived twice with different bytes. Both are kept.',
      permission: 'imaging.conflict.read',
      response: Conflicts,
    },
    async ({ principal }) => ({ body: { conflicts: await listConflicts(deps.withTenant, principal) } }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/conflicts/:id/resolve',
      summary: 'Choose which bytes are shown. Both stay kept.',
      permission: 'imaging.conflict.write',
      params: IdParams,
      body: z.strictObject({ show: z.enum(['shown', 'other']), reason: Reason }),
    },
    async ({ principal, params, body }) => {
      await resolveConflict(deps, principal, { conflictId: params.id, ...body });
      return {};
    },
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/patients/merge',
      summary: 'Two records are one person: the survivor gets the studies and identifiers of the other.',
      permission: 'imaging.reconcile.write',
      status: 201,
      body: z.strictObject({ survivorId: z.uuid(), mergedId: z.uuid(), reason: Reason }),
      response: z.strictObject({ mergeId: z.uuid() }),
    },
    async ({ principal, body }) => ({ body: await mergePatients(deps.withTenant, principal, body) }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/merges/:id/undo',
      summary: 'Undo a merge.',
      permission: 'imaging.reconcile.write',
      params: IdParams,
      body: z.strictObject({ reason: Reason }),
    },
    async ({ principal, params, body }) => {
      await undoMerge(deps.withTenant, principal, { mergeId: params.id, ...body });
      return {};
    },
  ),
];
