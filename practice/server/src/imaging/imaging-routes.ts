import { imagingApi } from '@archwire/contracts/api/imaging';
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
import { readNotices } from './read-notices.ts';

interface Deps {
  readonly withTenant: WithTenant;
  readonly stores: Stores;
}

const studyRoutes = ({ withTenant }: Deps): readonly Route[] => [
  fullRoute(imagingApi.quarantine, async ({ principal, query: { state, before } }) => {
    const page = await listQuarantine(withTenant, principal, {
      state,
      ...(before === undefined ? {} : { before }),
    });
    return { body: presentQuarantine(page) };
  }),
  fullRoute(imagingApi.assignStudy, async ({ principal, params, body }) => {
    await assignStudy(withTenant, principal, { studyId: params.id, ...body });
    return {};
  }),
  fullRoute(imagingApi.rejectStudy, async ({ principal, params, body }) => {
    await rejectStudy(withTenant, principal, { studyId: params.id, ...body });
    return {};
  }),
];

const conflictRoutes = (deps: Deps): readonly Route[] => [
  fullRoute(imagingApi.notices, async ({ principal }) => ({
    body: await readNotices(deps.withTenant, principal),
  })),
  fullRoute(imagingApi.conflicts, async ({ principal }) => ({
    body: { conflicts: await listConflicts(deps.withTenant, principal) },
  })),
  fullRoute(imagingApi.resolveConflict, async ({ principal, params, body }) => {
    await resolveConflict(deps, principal, { conflictId: params.id, ...body });
    return {};
  }),
];

const patientRoutes = ({ withTenant }: Deps): readonly Route[] => [
  fullRoute(imagingApi.searchPatients, async ({ principal, body }) => ({
    body: presentPatients(await searchPatients(withTenant, principal, body)),
  })),
  fullRoute(imagingApi.registerPatient, async ({ principal, body }) => ({
    body: await registerPatient(withTenant, principal, body),
  })),
  fullRoute(imagingApi.mergePatient, async ({ principal, params, body }) => ({
    body: await mergePatients(withTenant, principal, {
      mergedId: params.id,
      survivorId: body.into,
      reason: body.reason,
    }),
  })),
  fullRoute(imagingApi.merges, async ({ principal }) => ({
    body: { merges: await listMerges(withTenant, principal) },
  })),
  fullRoute(imagingApi.undoMerge, async ({ principal, params, body }) => {
    await undoMerge(withTenant, principal, { mergeId: params.id, ...body });
    return {};
  }),
];

/** What people decide about images that do not fit: quarantine, identity, two sets of bytes under one UID. */
export const imagingRoutes = (deps: Deps): readonly Route[] => [
  ...studyRoutes(deps),
  ...conflictRoutes(deps),
  ...patientRoutes(deps),
];
