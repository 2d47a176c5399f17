import type { z } from 'zod';
import type { Access, Endpoint } from './endpoint.ts';

type Schema = z.ZodType | undefined;

/** What a caller hands over for a part of the request; nothing where the endpoint has no schema for it. */
type Part<Name extends string, S> = [S] extends [z.ZodType]
  ? unknown extends z.input<S>
    ? Readonly<Partial<Record<Name, unknown>>>
    : Record<string, never> extends z.input<S>
      ? Readonly<Partial<Record<Name, z.input<S>>>>
      : Readonly<Record<Name, z.input<S>>>
  : unknown;

/** The request of an endpoint: `params`, `query` and `body`, as far as it has them. */
export type EndpointRequest<E extends Endpoint> =
  E extends Endpoint<Access, infer P, infer Q, infer B>
    ? Part<'params', P> & Part<'query', Q> & Part<'body', B>
    : never;

/** What an endpoint answers with; `undefined` when it answers nothing. */
export type EndpointResponse<E extends Endpoint> =
  E extends Endpoint<Access, Schema, Schema, Schema, infer R>
    ? [R] extends [z.ZodType]
      ? z.output<R>
      : undefined
    : never;

const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];
const part = (request: unknown, name: 'params' | 'query' | 'body'): unknown =>
  new Map(entries(request)).get(name);

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** The address of a call under `/api/v1`: parameters filled in, the query behind it; `undefined` values are left out. */
export const endpointAddress = (endpoint: Endpoint, request: unknown): string => {
  const params = new Map(entries(part(request, 'params')));
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_all, name: string) =>
    encodeURIComponent(text(params.get(name))),
  );
  const query = new URLSearchParams();
  for (const [name, value] of entries(part(request, 'query'))) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) query.append(name, text(each));
    }
  }
  const search = query.toString();
  return `/api/v1${path}${search === '' ? '' : `?${search}`}`;
};

/**
 * The body as it goes over the wire; a POST without one still says that it is JSON, which no foreign form can. Bytes are
 * the caller's to add.
 */
export const endpointInit = (endpoint: Endpoint, request: unknown) => ({
  method: endpoint.method.toUpperCase(),
  ...(endpoint.method === 'get'
    ? {}
    : endpoint.bytes === true
      ? { headers: { 'content-type': 'application/octet-stream' } }
      : {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(part(request, 'body') ?? {}),
        }),
});

/**
 * A typed client of the API. `send` carries the credentials and turns an answer that is no success into an error;
 * answers are validated by the endpoint's own schema.
 */
export const createApiClient = (send: (address: string, init: RequestInit) => Promise<Response>) => {
  async function call<E extends Endpoint>(
    endpoint: E,
    request: EndpointRequest<E>,
    init?: { readonly signal?: AbortSignal },
  ): Promise<EndpointResponse<E>>;
  async function call(endpoint: Endpoint, request: unknown, init: RequestInit = {}): Promise<unknown> {
    const answer = await send(endpointAddress(endpoint, request), {
      ...endpointInit(endpoint, request),
      ...init,
    });
    return endpoint.response?.parse(await answer.json());
  }
  return { call };
};
