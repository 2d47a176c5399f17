import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from '../dicom-json.ts';

const isPrivate = (key: string): boolean => Number.parseInt(key.slice(0, 4), 16) % 2 === 1;

const isEmptyValue = (value: DicomJsonValue): boolean =>
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.values(value).every((part) => part === ''));

/** Padding, empty component groups, and whether a number is written as text are no differences. */
const canonical = (value: DicomJsonValue): unknown => {
  if (isEmptyValue(value)) return null;
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([group, text]) =>
      typeof text === 'string' && text !== '' ? [[group, text.trim()]] : [],
    );
  }
  const text = String(value)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
};

const canonicalAttribute = ({ Value = [], InlineBinary, BulkDataURI }: DicomJsonAttribute): unknown => ({
  values: Value.every(isEmptyValue) ? [] : Value.map(canonical),
  binary: InlineBinary === '' ? undefined : InlineBinary,
  bulk: BulkDataURI !== undefined,
});

const items = (attribute: DicomJsonAttribute): readonly DicomJson[] =>
  (attribute.Value ?? []).filter((value): value is DicomJson => typeof value === 'object' && value !== null);

/**
 * Where two models of one object differ, as readable lines. Not compared, because pydicom decides otherwise on purpose:
 * Specific Character Set (it keeps what was declared), Pixel Data (always bulk here), group lengths, and the VR of
 * private elements that it knows from its private dictionary.
 */
export const differences = (ours: DicomJson, theirs: DicomJson, path = ''): string[] =>
  [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((key) => {
    const a = ours[key];
    const b = theirs[key];
    if (key === '00080005' || key === '7FE00010' || key.endsWith('0000')) return [];
    if (a === undefined || b === undefined)
      return [`${path}${key} only ${a === undefined ? 'theirs' : 'ours'}`];
    if (a.vr !== b.vr) return a.vr === 'UN' && isPrivate(key) ? [] : [`${path}${key} VR ${a.vr} ${b.vr}`];
    if (a.vr === 'SQ') {
      const [left, right] = [items(a), items(b)];
      if (left.length !== right.length) return [`${path}${key} items ${left.length} ${right.length}`];
      return left.flatMap((item, index) => differences(item, right[index] ?? {}, `${path}${key}/${index}/`));
    }
    const [left, right] = [a, b].map((attribute) => JSON.stringify(canonicalAttribute(attribute)));
    return left === right ? [] : [`${path}${key} ${left} ${right}`];
  });
