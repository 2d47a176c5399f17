import { apis, statusOf, type Endpoint } from '@archwire/contracts/api';
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

const toSchema = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return described;
};
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

const NAMES = new Map<Endpoint, { readonly tag: string; readonly name: string }>(
  Object.entries(apis).flatMap(([tag, endpoints]) =>
    Object.entries(endpoints).map(([name, endpoint]) => [endpoint, { tag, name }] as const),
  ),
);

const naming = (endpoint: Endpoint) => {
  const found = NAMES.get(endpoint);
  return found === undefined ? {} : { operationId: `${found.tag}.${found.name}`, tags: [found.tag] };
};

const operation = (endpoint: Endpoint) => ({
  ...naming(endpoint),
  summary: endpoint.summary,
  ...(endpoint.permission === undefined ? {} : { 'x-permission': endpoint.permission }),
  security:
    endpoint.access === 'public'
      ? []
      : [{ bearer: [] }, ...(endpoint.access === 'full' ? [{ apiKey: [] }] : [])],
  parameters: [...pathParameters(endpoint.path), ...queryParameters(endpoint.query)],
  ...(endpoint.bytes === true
    ? { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
    : endpoint.body === undefined
      ? {}
      : { requestBody: { required: true, content: json(toSchema(endpoint.body, 'input')) } }),
  responses: {
    [statusOf(endpoint)]: {
      description: 'Done.',
      ...(endpoint.response === undefined ? {} : { content: json(toSchema(endpoint.response, 'output')) }),
    },
    default: {
      description: 'Not done; the body says why.',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  },
});

/** The description of the API, OpenAPI 3.1, made from the endpoints themselves, so that it cannot name what is not there. */
export const describeApi = (endpoints: readonly Endpoint[], prefix: string) => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    const path = prefix + endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method] = operation(endpoint);
  }
  return {
    openapi: '3.1.1',
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
