import { imagingApi } from '@archwire/contracts/api/imaging';
import {
  assignStudies,
  compareConflict,
  listConflicts,
  listMerges,
  listQuarantine,
  mergePatients,
  rebuildDerivatives,
  registerPatient,
  rejectStudies,
  resolveConflict,
  searchPatients,
  type Stores,
  undoDecision,
  undoMerge,
} from '@archwire/archive';
import type { WithTenant } from '@archwire/database';
import { fullRoute, type Route } from '../api/route.ts';
import { presentComparison, presentPatients, presentQuarantine } from './imaging-presenter.ts';
import { readNotices } from './read-notices.ts';

interface Deps {
  readonly withTenant: WithTenant;
  readonly stores: Stores;
  readonly pixels: Parameters<typeof compareConflict>[0]['pixels'];
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
    return { body: await assignStudies(withTenant, principal, { studyIds: [params.id], ...body }) };
  }),
  fullRoute(imagingApi.assignStudies, async ({ principal, body }) => ({
    body: await assignStudies(withTenant, principal, body),
  })),
  fullRoute(imagingApi.rejectStudies, async ({ principal, body }) => ({
    body: await rejectStudies(withTenant, principal, body),
  })),
  fullRoute(imagingApi.undoDecision, async ({ principal, params }) => {
    await undoDecision(withTenant, principal, params.id);
    return {};
  }),
  fullRoute(imagingApi.rebuildPictures, async ({ principal, params }) => ({
    body: await rebuildDerivatives(withTenant, principal, params.id),
  })),
  fullRoute(imagingApi.rejectStudy, async ({ principal, params, body }) => {
    return { body: await rejectStudies(withTenant, principal, { studyIds: [params.id], ...body }) };
  }),
];

const conflictRoutes = (deps: Deps): readonly Route[] => [
  fullRoute(imagingApi.notices, async ({ principal }) => ({
    body: await readNotices(deps.withTenant, principal),
  })),
  fullRoute(imagingApi.conflicts, async ({ principal }) => ({
    body: { conflicts: await listConflicts(deps.withTenant, principal) },
  })),
  fullRoute(imagingApi.compareConflict, async ({ principal, params }) => ({
    body: presentComparison(await compareConflict(deps, principal, params.id)),
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
