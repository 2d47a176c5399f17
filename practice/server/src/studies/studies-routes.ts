import { countStudies, readStudyFacets, searchStudies } from '@archwire/archive';
import type { Principal } from '@archwire/contracts';
import { studiesApi } from '@archwire/contracts/api/studies';
import type { WithTenant } from '@archwire/database';
import { fullRoute, type Route } from '../api/route.ts';

export interface StudiesDeps {
  readonly withTenant: WithTenant;
  /** Notes who searched; once for all the requests of a few minutes. */
  readonly audit: {
    note(
      principal: Principal,
      entry: { readonly action: 'imaging.study.queried'; readonly studyUid: null },
    ): void;
  };
  /** Where a device sends to; `null`: this server receives nothing over DICOM. */
  readonly receiver: { readonly aeTitle: string; readonly port: number } | null;
}

/** The study list, for whoever may look at images. */
export const studiesRoutes = ({ withTenant, audit, receiver }: StudiesDeps): readonly Route[] => [
  fullRoute(studiesApi.search, async ({ principal, body }) => {
    const page = await searchStudies(withTenant, principal, body);
    audit.note(principal, { action: 'imaging.study.queried', studyUid: null });
    return { body: page };
  }),
  fullRoute(studiesApi.count, async ({ principal, body }) => ({
    body: await countStudies(withTenant, principal, body),
  })),
  fullRoute(studiesApi.facets, async ({ principal }) => ({
    body: { ...(await readStudyFacets(withTenant, principal)), receiver },
  })),
];
