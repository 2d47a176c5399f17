import { sharesApi } from '@archwire/contracts/api/shares';
import { fullRoute, publicRoute, type Route } from '../api/route.ts';
import type { ShareDoor } from './share-door.ts';
import type { ShareService } from './share-service.ts';

/** The cookie that opens the pictures of a link; each link has its own path, so that two do not meet. */
export const SHARE_COOKIE = 'archwire_share';
export const sharePath = (shareId: string): string => `/api/v1/shared/${shareId}`;

export const sharesRoutes = ({
  shares,
  door,
}: {
  readonly shares: ShareService;
  readonly door: ShareDoor;
}): readonly Route[] => [
  fullRoute(sharesApi.create, async ({ principal, body }) => ({
    body: await shares.create(principal, body),
  })),
  fullRoute(sharesApi.list, async ({ principal, query }) => ({ body: await shares.list(principal, query) })),
  fullRoute(sharesApi.revoke, async ({ principal, params }) => {
    await shares.revoke(principal, params.id);
    return {};
  }),
  publicRoute(sharesApi.open, async ({ body, client }) => {
    const { study, pass, passSeconds } = await door.open(body, client);
    return {
      body: study,
      cookies: [
        { name: SHARE_COOKIE, value: pass, path: sharePath(study.shareId), maxAgeSeconds: passSeconds },
      ],
    };
  }),
];
