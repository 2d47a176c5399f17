import type { Route } from '@archwire/practice-server';
import { z } from 'zod';

const PROBLEM = {
  type: 'object',
  required: ['title', 'status', 'detail', 'kind', 'details', 'requestId'],
  properties: {
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'For a person; says what to do next.' },
    kind: { type: 'string' },
    details: { type: 'object' },
    requestId: { type: 'string' },
  },
};

const toSchema = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' });
const json = (schema: unknown) => ({ 'application/json': { schema } });

const pathParameters = (path: string) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const queryParameters = (schema: z.ZodType | undefined) => {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toSchema(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: property,
  }));
};

const operation = (route: Route) => ({
  summary: route.summary,
  ...(route.permission === null ? {} : { 'x-permission': route.permission }),
  security:
    route.access === 'public' ? [] : [{ bearer: [] }, ...(route.access === 'full' ? [{ apiKey: [] }] : [])],
  parameters: [...pathParameters(route.path), ...queryParameters(route.schemas.query)],
  ...(route.schemas.body === undefined
    ? {}
    : { requestBody: { required: true, content: json(toSchema(route.schemas.body, 'input')) } }),
  responses: {
    [route.status]: {
      description: 'Done.',
      ...(route.schemas.response === undefined
        ? {}
        : { content: json(toSchema(route.schemas.response, 'output')) }),
    },
    default: {
      description: 'Not done; the body says why.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
});

/** The description of the API, made from the routes themselves, so that it cannot name what is not there. */
export const describeApi = (routes: readonly Route[], prefix: string) => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = prefix + route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operation(route);
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Archwire', version: '1' },
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token of /auth/login, or an API key.',
        },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  };
};
