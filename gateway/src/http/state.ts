import type { Principal } from '@archwire/contracts';
import type { Authenticated, Client, SignedInUser } from '@archwire/practice-server';
import type { Context, Middleware as KoaMiddleware } from 'koa';

/** What the middlewares before a router leave for it. */
export interface AppState {
  readonly requestId: string;
  readonly client: Client;
  /** `null` without credentials; behind `requirePrincipal` always there. */
  principal: Principal | null;
  user: SignedInUser | null;
  /** Asks again who it is, for what stays open longer than a token is good. @throws AppError `unauthenticated` */
  reauthenticate: (() => Promise<Authenticated>) | null;
  /** The pattern of the route, for the metrics; never the path itself. */
  route?: string;
}

export type AppContext = Context & { state: AppState };
export type AppMiddleware = KoaMiddleware<AppState>;
