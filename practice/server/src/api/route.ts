import { AppError, type Principal } from '@archwire/contracts';
import type { Access, Endpoint } from '@archwire/contracts/api';
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

/** A download, written while it is read. */
export interface ReplyFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: AsyncIterable<string>;
}

export interface Reply<T> {
  readonly body?: T;
  /** Instead of a body. */
  readonly file?: ReplyFile;
  readonly cookies?: readonly ReplyCookie[];
}

/** The bytes of a request as they come. Leaving the loop early is fine: the edge sees to the rest. */
export interface ByteBody {
  readonly chunks: AsyncIterable<Buffer>;
  /** As the client announced; `null` when it did not. */
  readonly length: number | null;
}

/** What the edge knows before anything is validated. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  /** Only for endpoints with `bytes`. */
  readonly bytes: ByteBody | null;
  readonly client: Client;
  readonly cookie: (name: string) => string | undefined;
  readonly principal: Principal | null;
  readonly user: SignedInUser | null;
}

/** One operation of the API as a function, without a word of HTTP machinery. */
export interface Route {
  readonly endpoint: Endpoint;
  readonly handle: (request: RawRequest) => Promise<Reply<unknown>>;
}

type EndpointOf<A extends Access, P, Q, B, R> = Endpoint<
  A,
  z.ZodType<P> | undefined,
  z.ZodType<Q> | undefined,
  z.ZodType<B> | undefined,
  z.ZodType<R> | undefined
>;

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

const build = <A extends Access, P, Q, B, R>(
  endpoint: EndpointOf<A, P, Q, B, R>,
  run: (request: RawRequest, parsed: Parsed<P, Q, B>) => Promise<Reply<R>>,
): Route => ({
  endpoint,
  handle: async (request) =>
    await run(request, {
      get params() {
        return parse(endpoint.params, request.params, 'path');
      },
      get query() {
        return parse(endpoint.query, request.query, 'query');
      },
      get body() {
        // Nothing at all is an empty body: what it lacks is named, and where all is optional it is enough.
        return parse(endpoint.body, request.body ?? {}, 'body');
      },
      client: request.client,
      cookie: request.cookie,
    }),
});

const UNAUTHENTICATED = 'Sign in first, or send an API key.';

/** A route that needs no credentials. */
export const publicRoute = <P, Q, B, R>(
  endpoint: EndpointOf<'public', P, Q, B, R>,
  handle: (request: Parsed<P, Q, B>) => Promise<Reply<R>>,
): Route => build(endpoint, (_request, parsed) => handle(parsed));

/** A route about the person's own account; API keys cannot use it. */
export const ownRoute = <P, Q, B, R>(
  endpoint: EndpointOf<'own', P, Q, B, R>,
  handle: (
    request: Parsed<P, Q, B> & { readonly principal: Principal; readonly user: SignedInUser },
  ) => Promise<Reply<R>>,
): Route =>
  build(endpoint, async (request, parsed) => {
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
  endpoint: EndpointOf<'full', P, Q, B, R>,
  handle: (request: Parsed<P, Q, B> & { readonly principal: Principal }) => Promise<Reply<R>>,
): Route =>
  build(endpoint, async (request, parsed) => {
    const { principal } = request;
    if (principal === null) throw new AppError('unauthenticated', UNAUTHENTICATED);
    return await handle(Object.assign(Object.create(parsed), { principal }));
  });

/** As `fullRoute`, for an endpoint whose body is bytes. */
export const bytesRoute = <P, Q, R>(
  endpoint: EndpointOf<'full', P, Q, never, R>,
  handle: (
    request: Parsed<P, Q, never> & { readonly principal: Principal; readonly bytes: ByteBody },
  ) => Promise<Reply<R>>,
): Route =>
  build(endpoint, async (request, parsed) => {
    const { principal, bytes } = request;
    if (principal === null) throw new AppError('unauthenticated', UNAUTHENTICATED);
    if (bytes === null) throw new AppError('internal', 'The edge read the body of a route that takes bytes.');
    return await handle(Object.assign(Object.create(parsed), { principal, bytes }));
  });
