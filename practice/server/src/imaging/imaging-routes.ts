import {
  assignStudy,
  listConflicts,
  listMerges,
  listQuarantine,
  mergePatients,
  registerPatient,
  rejectStudy,
  resolveConflict,
  searchPatients,
  type Stores,
  undoMerge,
} from '@archwire/archive';
import type { WithTenant } from '@archwire/database';
import { fullRoute, type Route } from '../api/route.ts';
import { presentPatients, presentQuarantine } from './imaging-presenter.ts';
import * as schema from './imaging-schemas.ts';
import { readNotices } from './read-notices.ts';

interface Deps {
  readonly withTenant: WithTenant;
  readonly stores: Stores;
}

const RECONCILE = 'imaging.reconcile.write';

const studyRoutes = ({ withTenant }: Deps): readonly Route[] => [
  fullRoute(
    {
      method: 'get',
      path: '/imaging/quarantine',
      summary:
        'Studies that wait for somebody to say whose they are, newest first, with suggestions; or those that were rejected.',
      permission: RECONCILE,
      query: schema.QuarantineQuery,
      response: schema.Quarantine,
    },
    async ({ principal, query: { state, before } }) => {
      const page = await listQuarantine(withTenant, principal, {
        state,
        ...(before === undefined ? {} : { before }),
      });
      return { body: presentQuarantine(page) };
    },
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/studies/:id/assign',
      summary: 'Say whose study this is: out of quarantine, or from one patient to another.',
      permission: RECONCILE,
      params: schema.IdParams,
      body: schema.Assignment,
    },
    async ({ principal, params, body }) => {
      await assignStudy(withTenant, principal, { studyId: params.id, ...body });
      return {};
    },
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/studies/:id/reject',
      summary: 'Say that this study belongs to nobody here. Its bytes are kept; assigning brings it back.',
      permission: RECONCILE,
      params: schema.IdParams,
      body: schema.WithReason,
    },
    async ({ principal, params, body }) => {
      await rejectStudy(withTenant, principal, { studyId: params.id, ...body });
      return {};
    },
  ),
];

const conflictRoutes = (deps: Deps): readonly Route[] => [
  fullRoute(
    {
      method: 'get',
      path: '/imaging/notices',
      summary: 'How much waits for a person; null where you may not look.',
      permission: 'imaging.conflict.read',
      response: schema.Notices,
    },
    async ({ principal }) => ({ body: await readNotices(deps.withTenant, principal) }),
  ),
  fullRoute(
    {
      method: 'get',
      path: '/imaging/conflicts',
      summary: 'Instances that arrived twice with different bytes. Both are kept.',
      permission: 'imaging.conflict.read',
      response: schema.Conflicts,
    },
    async ({ principal }) => ({ body: { conflicts: await listConflicts(deps.withTenant, principal) } }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/conflicts/:id/resolve',
      summary: 'Choose which bytes are shown. Both stay kept.',
      permission: 'imaging.conflict.write',
      params: schema.IdParams,
      body: schema.Resolution,
    },
    async ({ principal, params, body }) => {
      await resolveConflict(deps, principal, { conflictId: params.id, ...body });
      return {};
    },
  ),
];

const patientRoutes = ({ withTenant }: Deps): readonly Route[] => [
  fullRoute(
    {
      method: 'post',
      path: '/imaging/patients/search',
      summary: 'Find the patient of a study by the beginning of a name, a Patient ID or a record number.',
      permission: RECONCILE,
      body: schema.PatientSearch,
      response: schema.Patients,
    },
    async ({ principal, body }) => ({
      body: presentPatients(await searchPatients(withTenant, principal, body)),
    }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/patients',
      summary: 'Register the patient of images that came without a usable identity.',
      permission: RECONCILE,
      status: 201,
      body: schema.NewPatient,
      response: schema.PatientMade,
    },
    async ({ principal, body }) => ({ body: await registerPatient(withTenant, principal, body) }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/patients/:id/merge',
      summary:
        'This patient, known from images alone, is the same person as another, who gets the studies and identifiers.',
      permission: RECONCILE,
      status: 201,
      params: schema.IdParams,
      body: schema.Merge,
      response: schema.MergeMade,
    },
    async ({ principal, params, body }) => ({
      body: await mergePatients(withTenant, principal, {
        mergedId: params.id,
        survivorId: body.into,
        reason: body.reason,
      }),
    }),
  ),
  fullRoute(
    {
      method: 'get',
      path: '/imaging/merges',
      summary: 'Merges of patients that can be undone, newest first.',
      permission: RECONCILE,
      response: schema.Merges,
    },
    async ({ principal }) => ({ body: { merges: await listMerges(withTenant, principal) } }),
  ),
  fullRoute(
    {
      method: 'post',
      path: '/imaging/merges/:id/undo',
      summary: 'Take a merge back: what it moved and nobody has moved since returns.',
      permission: RECONCILE,
      params: schema.IdParams,
      body: schema.WithReason,
    },
    async ({ principal, params, body }) => {
      await undoMerge(withTenant, principal, { mergeId: params.id, ...body });
      return {};
    },
  ),
];

/** What people decide about images that do not fit: quarantine, identity, two sets of bytes under one UID. */
export const imagingRoutes = (deps: Deps): readonly Route[] => [
  ...studyRoutes(deps),
  ...conflictRoutes(deps),
  ...patientRoutes(deps),
];
