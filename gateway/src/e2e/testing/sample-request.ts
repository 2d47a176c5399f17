import type { Endpoint } from '@archwire/contracts/api';
import { z } from 'zod';

const Schema = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  minimum: z.number().optional(),
  minItems: z.number().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});

const FORMATS: Readonly<Record<string, string>> = {
  uuid: '0198a5a2-0000-7000-8000-0000000000aa',
  date: '2026-01-02',
  'date-time': '2026-01-02T03:04:05Z',
  email: 'somebody@clinic.example',
};
/** For strings of a pattern: the first that fits is taken. */
const WORDS = ['SAMPLE', 'sample', '1.2.3', '1', '123456', 'a'.repeat(64), '10.1.2.3', 'UTC', '09:30'];

const sampleOf = (described: unknown): unknown => {
  const schema = Schema.parse(described);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (first !== undefined) return sampleOf(first);
  const {
    format,
    minItems = 0,
    minLength = 0,
    minimum = 1,
    pattern,
    properties = {},
    required = [],
  } = schema;
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        required.flatMap((name) => (name in properties ? [[name, sampleOf(properties[name])]] : [])),
      );
    case 'array':
      return Array.from({ length: minItems }, () => sampleOf(schema.items));
    case 'integer':
    case 'number':
      return Math.max(minimum, 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default: {
      const known = format === undefined ? undefined : FORMATS[format];
      if (known !== undefined) return known;
      const expression = pattern === undefined ? undefined : new RegExp(pattern, 'u');
      const word = WORDS.find((each) => expression?.test(each) !== false && each.length >= minLength);
      return word ?? 'a sample of some length'.padEnd(minLength, '.');
    }
  }
};

const sample = (schema: z.ZodType | undefined, given: unknown, where: string): unknown => {
  if (schema === undefined) return undefined;
  const value = given ?? sampleOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  const { error } = schema.safeParse(value);
  // A request that is refused for its form would prove nothing about who may send it.
  if (error !== undefined)
    throw new Error(
      `Give an example of the ${where} in this test: ${JSON.stringify(value)}\n${error.message}`,
    );
  return value;
};

export interface SampleRequest {
  /** Under `/api/v1`. */
  readonly path: string;
  readonly init: RequestInit;
}

/** A request of an endpoint that its schemas accept; what cannot be made up from them is given in `example`. */
export const sampleRequest = (
  name: string,
  endpoint: Endpoint,
  example: { readonly params?: object; readonly query?: object; readonly body?: object } = {},
): SampleRequest => {
  const Words = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
  const params = Words.parse(sample(endpoint.params, example.params, `path of ${name}`) ?? {});
  const query = Words.parse(sample(endpoint.query, example.query, `query of ${name}`) ?? {});
  const body = sample(endpoint.body, example.body, `body of ${name}`);
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_all, key: string) =>
    encodeURIComponent(String(params[key] ?? '')),
  );
  const words = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  );
  const method = endpoint.method.toUpperCase();
  const isPlain = endpoint.method === 'get';
  return {
    path: `/api/v1${path}${words.size === 0 ? '' : `?${words.toString()}`}`,
    init: {
      method,
      ...(isPlain
        ? {}
        : endpoint.bytes === true
          ? { headers: { 'content-type': 'application/octet-stream' }, body: 'sample' }
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
    },
  };
};
