import { useText } from '@archwire/ui';
import type { Schema } from './api-document.ts';
import styles from './developer-page.module.css';
import { messages } from './messages.ts';

const DEEPEST = 8;

const choicesOf = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [];
const isNull = ({ type }: Schema): boolean => type === 'null';

/** What lies inside, through lists and "or null". */
const inner = (schema: Schema): Schema => {
  const rest = choicesOf(schema).filter((choice) => !isNull(choice));
  const [only] = rest;
  if (rest.length === 1 && only !== undefined) return inner(only);
  return schema.items === undefined ? schema : inner(schema.items);
};

const bounds = (schema: Schema): string => {
  const of = (from: number | undefined, to: number | undefined): string =>
    from === undefined && (to === undefined || to === Number.MAX_SAFE_INTEGER)
      ? ''
      : `${from === undefined || from === Number.MIN_SAFE_INTEGER ? '' : from}…${to === undefined || to === Number.MAX_SAFE_INTEGER ? '' : to}`;
  const length = of(schema.minLength, schema.maxLength);
  const value = of(schema.minimum, schema.maximum);
  return [length, value].filter((part) => part !== '' && part !== '…').join(', ');
};

const Kind = ({ schema }: { readonly schema: Schema }) => {
  const text = useText(messages);
  const choices = choicesOf(schema);
  const others = choices.filter((choice) => !isNull(choice));
  if (choices.length > 0) {
    return (
      <>
        {others.length > 1 && `${text('anyOf')} `}
        {others.map((choice, at) => (
          // oxlint-disable-next-line react/no-array-index-key
          <span key={at}>
            {at > 0 && ' | '}
            <Kind schema={choice} />
          </span>
        ))}
        {choices.length > others.length && ` ${text('orNull')}`}
      </>
    );
  }
  if (schema.items !== undefined) {
    return (
      <>
        {text('listOf')} <Kind schema={schema.items} />
      </>
    );
  }
  if (schema.enum !== undefined) return <>{schema.enum.map((value) => JSON.stringify(value)).join(' | ')}</>;
  if (schema.const !== undefined) return <>{JSON.stringify(schema.const)}</>;
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'any');
  const limits = bounds(schema);
  return (
    <>
      {schema.format ?? type}
      {limits !== '' && <small> {limits}</small>}
    </>
  );
};

/** A schema as people read it: names, what they hold, and what may be left out. */
export const SchemaView = ({ schema, depth = 0 }: { readonly schema: Schema; readonly depth?: number }) => {
  const text = useText(messages);
  const shape = inner(schema);
  const properties = Object.entries(shape.properties ?? {});
  if (properties.length === 0 || depth > DEEPEST) {
    return depth === 0 ? (
      <p className={styles.kind}>
        <Kind schema={schema} />
      </p>
    ) : null;
  }
  return (
    <ul className={styles.schema}>
      {properties.map(([name, property]) => (
        <li key={name}>
          <p>
            <code>{name}</code>
            <span className={styles.kind}>
              <Kind schema={property} />
            </span>
            {shape.required?.includes(name) !== true && <em>{text('optional')}</em>}
            {property.description !== undefined && <span>{property.description}</span>}
          </p>
          <SchemaView schema={property} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
};
