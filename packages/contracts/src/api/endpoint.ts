import type { z } from 'zod';
import type { Permission } from '../permissions.ts';

type Schema = z.ZodType | undefined;

/** Who may knock: `public` anybody, `own` a person whose sign-in may still lack a step, `full` any complete principal. */
export type Access = 'public' | 'own' | 'full';

interface Definition<P extends Schema, Q extends Schema, B extends Schema, R extends Schema> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Under `/api/v1`, parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  /** What the service behind it checks. */
  readonly permission?: Permission;
  /** Counted per address and e-mail by the edge: these doors are where secrets are guessed. */
  readonly guarded?: boolean;
  /** Of success; without it 200, or 204 when there is no response. */
  readonly status?: number;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The body is bytes as they are (`application/octet-stream`), read as they come; there is no `body` then. */
  readonly bytes?: boolean;
  readonly response?: R;
}

/**
 * One operation of the HTTP API in the words that both sides share: the server validates and describes itself by these
 * schemas, the browser calls by them. Bodies are strict objects; responses are not, because a page that is older than
 * its server must be able to read them.
 */
export interface Endpoint<
  A extends Access = Access,
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends Schema = Schema,
  R extends Schema = Schema,
> extends Definition<P, Q, B, R> {
  readonly access: A;
}

type Define<A extends Access> = <
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(
  definition: Definition<P, Q, B, R>,
) => Endpoint<A, P, Q, B, R>;

const define =
  <A extends Access>(access: A): Define<A> =>
  (definition) => ({ ...definition, access });

/** Needs no credentials. */
export const publicEndpoint = define('public');
/** About the person's own account; API keys cannot use it. */
export const ownEndpoint = define('own');
/** For any complete principal: a person who signed in fully, or an API key. */
export const fullEndpoint = define('full');

/** The status of success. */
export const statusOf = ({ status, response }: Endpoint): number =>
  status ?? (response === undefined ? 204 : 200);
