import type { ApiOperation, Schema } from './api-document.ts';

const DEEPEST = 6;

/** A value that fits the schema, to begin with. */
const exampleOf = (schema: Schema, depth = 0): unknown => {
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = (schema.anyOf ?? schema.oneOf)?.find(({ type }) => type !== 'null');
  if (choice !== undefined) return exampleOf(choice, depth);
  const type = Array.isArray(schema.type) ? schema.type.find((name) => name !== 'null') : schema.type;
  switch (type) {
    case 'object':
      return depth > DEEPEST
        ? {}
        : Object.fromEntries(
            Object.entries(schema.properties ?? {})
              .filter(([name]) => schema.required?.includes(name) ?? false)
              .map(([name, property]) => [name, exampleOf(property, depth + 1)]),
          );
    case 'array':
      return schema.items === undefined || depth > DEEPEST ? [] : [exampleOf(schema.items, depth + 1)];
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      if (schema.format === 'uuid') return '0198a5a2-0000-7000-8000-000000000001';
      if (schema.format === 'email') return 'ada@example.org';
      if (schema.format === 'date') return '2026-11-21';
      if (schema.format === 'date-time') return '2026-11-21T10:00:00Z';
      return 'text';
  }
};

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The call as one types it into a shell; `$ARCHWIRE_KEY` stands for the API key. */
export const curlOf = (operation: ApiOperation, origin: string): string => {
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(schema)))}`)
    .join('&');
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => `$${name.toUpperCase()}`);
  const lines = [
    `curl ${operation.method === 'get' ? '' : `-X ${operation.method.toUpperCase()} `}"${origin}${path}${query === '' ? '' : `?${query}`}"`,
    ...(operation.access === 'open' ? [] : ['-H "Authorization: Bearer $ARCHWIRE_KEY"']),
    ...(operation.method === 'get' ? [] : [`-H "Content-Type: ${operation.bytes ?? 'application/json'}"`]),
    ...(operation.method === 'get'
      ? []
      : operation.bytes !== null
        ? ['--data-binary @FILE']
        : [
            `-d ${quoted(JSON.stringify(operation.body === null ? {} : exampleOf(operation.body), null, 2))}`,
          ]),
  ];
  return lines.join(' \\\n  ');
};
