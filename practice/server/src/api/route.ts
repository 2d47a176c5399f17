import { AppError, type Permission, type Principal } from '@archwire/contracts';
import type { z } from 'zod';
import type { SignedInUser } from '../accounts/signed-in-user.ts';
import type { Client } from './client.ts';

export interface ReplyCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** 0 removes the cookie. */
  readonly maxAgeSeconds: number;
}

export interface Reply<T> {
  readonly body?: T;
  readonly cookies?: readonly ReplyCookie[];
}

/** What the edge knows before anything is validated. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly client: Client;
  readonly cookie: (name: string) => string | undefined;
  readonly principal: Principal | null;
  readonly user: SignedInUser | null;
}

/**
 * One operation of the API, without a word of HTTP machinery. `access`: `public` needs no credentials; `own` a person
 * who signed in, even one who must still set a password or a second factor; `full` any complete principal.
 * `permission` is what the service behind it checks; it stands here for the description and the tests.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** Under `/api/v1`, parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly access: 'public' | 'own' | 'full';
  readonly permission: Permission | null;
  /** Counted per address by the edge: these doors are where secrets are guessed. */
  readonly guarded: boolean;
  readonly status: number;
  readonly schemas: {
    readonly params?: z.ZodType;
    readonly query?: z.ZodType;
    readonly body?: z.ZodType;
    readonly response?: z.ZodType;
  };
  handle(request: RawRequest): Promise<Reply<unknown>>;
}

interface Definition<P, Q, B, R> {
  readonly method: Route['method'];
  readonly path: string;
  readonly summary: string;
  readonly permission?: Permission;
  readonly guarded?: boolean;
  readonly status?: number;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  readonly response?: z.ZodType<R>;
}

interface Parsed<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly client: Client;
  readonly cookie: (name: string) => string | undefined;
}

const parse = <T>(schema: z.ZodType<T> | undefined, value: unknown, where: string): T => {
  if (schema === undefined) throw new AppError('internal', `The route reads its ${where} without a schema.`);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 20)
    .map((issue) => ({ at: [where, ...issue.path.map(String)].join('.'), problem: issue.message }));
  throw new AppError(
    'invalid',
    `The ${where} of the request is not as described: ${problems.map(({ at, problem }) => `${at}: ${problem}`).join('; ')}.`,
    {
      details: { problems },
    },
  );
};

const build = <P, Q, B, R>(
  definition: Definition<P, Q, B, R>,
  access: Route['access'],
  run: (request: RawRequest, parsed: Parsed<P, Q, B>) => Promise<Reply<R>>,
): Route => {
  const { params, query, body, response } = definition;
  return {
    method: definition.method,
    path: definition.path,
    summary: definition.summary,
    access,
    permission: definition.permission ?? null,
    guarded: definition.guarded ?? false,
    status: definition.status ?? (response === undefined ? 204 : 200),
    schemas: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body }),
      ...(response === undefined ? {} : { response }),
    },
    handle: async (request) =>
      await run(request, {
        get params() {
          return parse(params, request.params, 'path');
        },
        get query() {
          return parse(query, request.query, 'query');
        },
        get body() {
          return parse(body, request.body, 'body');
        },
        client: request.client,
        cookie: request.cookie,
      }),
  };
};

const UNAUTHENTICATED = 'Sign in first, or send an API key.';

/** A route that needs no credentials. */
export const publicRoute = <P, Q, B, R>(
  definition: Definition<P, Q, B, R>,
  handle: (request: Parsed<P, Q, B>) => Promise<Reply<R>>,
): Route => build(definition, 'public', (_request, parsed) => handle(parsed));

/** A route about the person's own account; API keys cannot use it. */
export const ownRoute = <P, Q, B, R>(
  definition: Definition<P, Q, B, R>,
  handle: (
    request: Parsed<P, Q, B> & { readonly principal: Principal; readonly user: SignedInUser },
  ) => Promise<Reply<R>>,
): Route =>
  build(definition, 'own', async (request, parsed) => {
    const { principal, user } = request;
    if (principal === null) throw new AppError('unauthenticated', UNAUTHENTICATED);
    if (user === null)
      throw new AppError(
        'forbidden',
        'This is for people who signed in; an API key has no account of its own.',
      );
    // A spread would run the getters of `parsed` before anyone asked for them.
    return await handle(Object.assign(Object.create(parsed), { principal, user }));
  });

/** A route for any complete principal: a person who signed in fully, or an API key. */
export const fullRoute = <P, Q, B, R>(
  definition: Definition<P, Q, B, R>,
  handle: (request: Parsed<P, Q, B> & { readonly principal: Principal }) => Promise<Reply<R>>,
): Route =>
  build(definition, 'full', async (request, parsed) => {
    const { principal } = request;
    if (principal === null) throw new AppError('unauthenticated', UNAUTHENTICATED);
    return await handle(Object.assign(Object.create(parsed), { principal }));
  });
