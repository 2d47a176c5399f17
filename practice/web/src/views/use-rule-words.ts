import { useText, useViewName } from '@archwire/ui';
import { messages } from './messages.ts';
import type { RuleDraft } from './view-rule.ts';

const TEXTS = [
  'manufacturer',
  'modelName',
  'stationName',
  'sopClassUid',
  'modality',
  'seriesDescription',
  'protocolName',
] as const;

const between = (from: number | null, to: number | null): string => {
  if (from === to) return String(from);
  if (from === null) return `≤ ${to}`;
  return to === null ? `≥ ${from}` : `${from}–${to}`;
};

/** A rule in words: what it asks for, and what it says. */
export const useRuleWords = (): ((
  rule: Pick<RuleDraft, 'conditions' | 'result'>,
  deviceName: string | null,
) => { readonly asks: readonly string[]; readonly says: readonly string[] }) => {
  const text = useText(messages);
  const viewName = useViewName();
  return ({ conditions, result }, deviceName) => {
    const { minRows, maxRows, minColumns, maxColumns, readView } = conditions;
    const range = (key: 'c_rows' | 'c_columns', from: number | null, to: number | null) =>
      from === null && to === null ? [] : [text(key, { value: between(from, to) })];
    return {
      asks: [
        ...(conditions.deviceId === null ? [] : [text('c_device', { value: deviceName ?? '?' })]),
        ...TEXTS.flatMap((key) => {
          const value = conditions[key];
          return value === null ? [] : [text(`c_${key}`, { value })];
        }),
        ...range('c_rows', minRows, maxRows),
        ...range('c_columns', minColumns, maxColumns),
        ...(readView === null ? [] : [text('c_readView', { value: viewName({ view: readView }) })]),
      ],
      says: [
        ...(result.view === null ? [] : [viewName({ view: result.view })]),
        ...(result.teeth === null ? [] : [text('r_teeth', { value: result.teeth.join(', ') })]),
        ...(result.teethFromWords === null ? [] : [text('r_teethFromWords')]),
        ...(result.laterality === null ? [] : [text(result.laterality)]),
      ],
    };
  };
};
