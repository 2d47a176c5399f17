import { SearchField, useFormat, useText } from '@archwire/ui';
import { useDeferredValue, useState } from 'react';
import styles from './attribute-list.module.css';
import { type Attribute, DataSet } from './dicom-json.ts';
import { dicomKeyword } from './dicom-keyword.ts';
import { studyMessages } from './study-messages.ts';

interface Line {
  readonly key: string;
  readonly depth: number;
  readonly tag: string;
  readonly vr: string;
  readonly keyword: string;
  readonly value: string;
}

const DEEPEST = 6;
const MOST_LINES = 2000;
const BYTES_PER_BASE64 = 0.75;

/** `00100010` as people write it. */
const tagText = (tag: string): string => `(${tag.slice(0, 4)},${tag.slice(4)})`;

const valueText = (value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value)
    .filter((part) => typeof part === 'string')
    .join(' = ');
};

/** The attributes of a data set, sequences with their items below them, and a search in it. */
export const AttributeLines = ({ dataSet }: { readonly dataSet: DataSet }) => {
  const text = useText(studyMessages);
  const format = useFormat();
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed.trim().toLowerCase());
  const describe = (attribute: Attribute): string => {
    if (attribute.vr === 'SQ') return text('items', { count: attribute.Value?.length ?? 0 });
    if (attribute.BulkDataURI !== undefined) return text('bulk');
    if (attribute.InlineBinary !== undefined)
      return text('binary', { count: Math.round(attribute.InlineBinary.length * BYTES_PER_BASE64) });
    return (attribute.Value ?? []).map(valueText).join(' \\ ');
  };
  const lines = (set: DataSet, path: string, depth: number): Line[] =>
    Object.entries(set)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([tag, attribute]) => {
        const key = `${path}${tag}`;
        const items = attribute.vr === 'SQ' && depth < DEEPEST ? (attribute.Value ?? []) : [];
        return [
          { key, depth, tag, vr: attribute.vr, keyword: dicomKeyword(tag), value: describe(attribute) },
          ...items.flatMap((item, at) => {
            const inner = DataSet.safeParse(item);
            return inner.success ? lines(inner.data, `${key}.${at}.`, depth + 1) : [];
          }),
        ];
      });

  const shown = lines(dataSet, '', 0)
    .filter(({ tag, keyword, value }) =>
      [tag, tagText(tag), keyword, value].some((word) => word.toLowerCase().includes(wanted)),
    )
    .slice(0, MOST_LINES);
  return (
    <div className={styles.lines}>
      <SearchField label={text('find')} value={typed} onChange={setTyped} />
      {shown.length === 0 ? (
        <p>{text('noAttributes')}</p>
      ) : (
        <dl>
          {shown.map(({ key, depth, tag, vr, keyword, value }) => (
            <div key={key} data-depth={Math.min(depth, 3)}>
              <dt>
                <b>{keyword === '' ? tagText(tag) : keyword}</b>
                <span>{keyword === '' ? vr : `${tagText(tag)} ${vr}`}</span>
              </dt>
              <dd>{value === '' ? '—' : value}</dd>
            </div>
          ))}
        </dl>
      )}
      {shown.length === MOST_LINES && <p>{text('more', { count: format.number(MOST_LINES) })}</p>}
    </div>
  );
};
