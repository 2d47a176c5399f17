import {
  type Condition,
  type ImagingQuery,
  isWithin,
  parseMatcher,
  queryAttribute,
  type QueryLevel,
} from '@archwire/archive';
import { AppError } from '@archwire/contracts';

export interface QidoQuery {
  readonly query: ImagingQuery;
  readonly include: ReadonlySet<string> | 'all';
  /** Texts for Warning headers with code 299. */
  readonly warnings: readonly string[];
}

/** Most matches in one answer; a study's own series and instances fit whole. */
const MAX_LIMIT: Readonly<Record<QueryLevel, number>> = { study: 1_000, series: 5_000, instance: 20_000 };
const MAX_OFFSET = 100_000;
const MAX_PARAMETERS = 200;

/** Parameters of HTTP and of our own authentication, not of the query. */
const IGNORED: ReadonlySet<string> = new Set(['accept', 'charset']);

const whole = (name: string, text: string, max: number): number => {
  if (!/^\d{1,9}$/.test(text)) {
    throw new AppError('invalid', `${name} must be a whole number, zero or more.`, {
      details: { parameter: name },
    });
  }
  if (name === 'offset' && Number(text) > max) {
    throw new AppError('invalid', `offset goes up to ${max}. Narrow the query, for example by StudyDate.`, {
      details: { parameter: name },
    });
  }
  return Math.min(Number(text), max);
};

const flag = (name: string, text: string): boolean => {
  if (text !== 'true' && text !== 'false') {
    throw new AppError('invalid', `${name} is true or false.`, { details: { parameter: name } });
  }
  return text === 'true';
};

const included = (values: readonly string[]): ReadonlySet<string> | 'all' => {
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim());
  if (names.includes('all')) return 'all';
  return new Set(names.flatMap((name) => queryAttribute(name)?.keyword ?? []));
};

const TAG_PATH = /^(?:[0-9A-Fa-f]{8}|[A-Za-z][A-Za-z0-9]*)(?:\.(?:[0-9A-Fa-f]{8}|[A-Za-z][A-Za-z0-9]*))+$/;
const SEQUENCES: ReadonlySet<string> = new Set(['RequestAttributesSequence', '00400275']);

/**
 * A QIDO-RS query string (PS3.18 section 10.6.1). `fixed` are the UIDs of the path.
 * A parameter that is nothing we can match on is named in a warning and left out.
 * @throws AppError `invalid` for values that cannot be, for matching inside sequences, for the same attribute twice.
 */
export const parseQidoQuery = (
  level: QueryLevel,
  parameters: URLSearchParams,
  fixed: Readonly<Record<string, string>>,
): QidoQuery => {
  if (parameters.size > MAX_PARAMETERS) {
    throw new AppError('invalid', `A query has at most ${MAX_PARAMETERS} parameters.`);
  }
  const fuzzy = flag('fuzzymatching', parameters.get('fuzzymatching') ?? 'false');
  const emptyValue = flag('emptyvaluematching', parameters.get('emptyvaluematching') ?? 'false');
  const conditions = new Map<string, Condition>();
  const add = (name: string, value: string): void => {
    const attribute = queryAttribute(name);
    if (attribute === undefined) return;
    if (conditions.has(attribute.keyword)) {
      throw new AppError('invalid', `${attribute.keyword} stands in the request more than once.`, {
        details: { attribute: attribute.keyword },
      });
    }
    const matcher = parseMatcher(attribute, value, { fuzzy, emptyValue });
    if (matcher !== undefined) conditions.set(attribute.keyword, { attribute, matcher });
  };
  for (const [keyword, uid] of Object.entries(fixed)) add(keyword, uid);

  const unknown = new Set<string>();
  for (const [name, value] of parameters) {
    if (['limit', 'offset', 'includefield', 'fuzzymatching', 'emptyvaluematching'].includes(name)) continue;
    if (IGNORED.has(name)) continue;
    if (TAG_PATH.test(name) || SEQUENCES.has(name)) {
      throw new AppError('invalid', 'Matching inside sequences is not offered. Leave that parameter out.', {
        details: { parameter: name.slice(0, 100) },
      });
    }
    const attribute = queryAttribute(name);
    if (attribute === undefined || attribute.matching === 'none' || !isWithin(attribute.level, level))
      unknown.add(name);
    else add(name, value);
  }
  const max = MAX_LIMIT[level];
  return {
    query: {
      level,
      conditions: [...conditions.values()],
      limit: whole('limit', parameters.get('limit') ?? String(max), max),
      offset: whole('offset', parameters.get('offset') ?? '0', MAX_OFFSET),
    },
    include: included(parameters.getAll('includefield')),
    warnings:
      unknown.size === 0
        ? []
        : [
            `The following parameters are not supported at this level and were ignored: ${[...unknown]
              .map((name) => name.replace(/[^A-Za-z0-9._-]/g, '?').slice(0, 64))
              .join(', ')}`,
          ],
  };
};
