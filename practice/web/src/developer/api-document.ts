import { z } from 'zod';

/** A JSON Schema as far as the page reads it. */
export interface Schema {
  readonly type?: string | readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly description?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly default?: unknown;
}

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    items: Schema.optional(),
    anyOf: z.array(Schema).optional(),
    oneOf: z.array(Schema).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    description: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    default: z.unknown().optional(),
  }),
);
const Content = z.record(z.string(), z.object({ schema: Schema.optional() }));

const Operation = z.object({
  operationId: z.string().default(''),
  tags: z.array(z.string()).default([]),
  summary: z.string(),
  'x-permission': z.string().optional(),
  security: z.array(z.record(z.string(), z.unknown())),
  parameters: z.array(
    z.object({ name: z.string(), in: z.enum(['path', 'query']), required: z.boolean(), schema: Schema }),
  ),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), z.object({ content: Content.optional() })),
});

export const ApiDocument = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

/** One operation, with where it is. */
export interface ApiOperation {
  readonly id: string;
  readonly group: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly permission: string | null;
  readonly access: 'open' | 'own' | 'full';
  readonly parameters: z.infer<typeof Operation>['parameters'];
  readonly body: Schema | null;
  /** The media type of a body that is no JSON but bytes. */
  readonly bytes: string | null;
  readonly status: string;
  readonly answer: Schema | null;
}

const firstSchema = (content: z.infer<typeof Content> | undefined): Schema | null =>
  Object.values(content ?? {})[0]?.schema ?? null;

const bytesOf = (content: z.infer<typeof Content> | undefined): string | null =>
  Object.keys(content ?? {}).find((type) => type !== 'application/json') ?? null;

/** The operations of the document in the order of their groups. */
export const operationsOf = ({ paths }: z.infer<typeof ApiDocument>): readonly ApiOperation[] =>
  Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): ApiOperation => {
        const [status = '200', success] =
          Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? [];
        const { security } = operation;
        return {
          id: operation.operationId === '' ? `${method} ${path}` : operation.operationId,
          group: operation.tags[0] ?? '',
          method,
          path,
          summary: operation.summary,
          permission: operation['x-permission'] ?? null,
          access: security.length === 0 ? 'open' : security.some((way) => 'apiKey' in way) ? 'full' : 'own',
          parameters: operation.parameters,
          body: firstSchema(operation.requestBody?.content),
          bytes: bytesOf(operation.requestBody?.content),
          status,
          answer: firstSchema(success?.content),
        };
      }),
    )
    .toSorted((left, right) => left.group.localeCompare(right.group) || left.path.localeCompare(right.path));
