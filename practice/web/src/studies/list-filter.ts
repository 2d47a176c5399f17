import { MatchState, type StudySearch } from '@archwire/contracts/api/studies';
import { type ImageKind, imageKinds } from '@archwire/contracts/image-view';
import { z } from 'zod';
import { localDay } from './local-day.ts';

/** What the list is narrowed by, as the API takes it, but without the text. */
export type StudySearchBody = z.input<typeof StudySearch>;

export const PRESETS = ['1', '7', '30'] as const;
export type Preset = (typeof PRESETS)[number];

/** The filters that stand in the address of the page: ids and codes, never a word about a patient. */
export interface ListFilter {
  /** The last so many days, today included. */
  readonly days: Preset | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly modalities: readonly string[];
  readonly kinds: readonly ImageKind[];
  /** `null`: the place one works at. */
  readonly locationIds: readonly string[] | null;
  readonly deviceIds: readonly string[];
  readonly states: readonly MatchState[];
  readonly sort: 'study-date' | 'received';
}
export type MatchState = z.infer<typeof MatchState>;

const day = (text: string | null): string | null => (z.iso.date().safeParse(text).success ? text : null);
const list = <T extends string>(text: string | null, schema: z.ZodType<T>): readonly T[] =>
  (text ?? '').split(',').flatMap((each) => {
    const parsed = schema.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });

/** Reads the address; whatever does not belong there is not heard. */
export const readFilter = (params: URLSearchParams): ListFilter => ({
  days: PRESETS.find((preset) => preset === params.get('days')) ?? null,
  from: day(params.get('from')),
  to: day(params.get('to')),
  modalities: list(params.get('modality'), z.string().regex(/^[A-Z0-9_]{1,16}$/)),
  kinds: list(params.get('kind'), z.enum(imageKinds)),
  locationIds: params.has('location') ? list(params.get('location'), z.uuid()) : null,
  deviceIds: list(params.get('device'), z.uuid()),
  states: list(params.get('state'), MatchState),
  sort: params.get('sort') === 'received' ? 'received' : 'study-date',
});

/** The address of a filter. */
export const writeFilter = (filter: ListFilter): URLSearchParams => {
  const { days, from, to, modalities, kinds, locationIds, deviceIds, states, sort } = filter;
  const params = new URLSearchParams();
  const put = (name: string, value: string | null): void => {
    if (value !== null && value !== '') params.set(name, value);
  };
  put('days', days);
  put('from', from);
  put('to', to);
  put('modality', modalities.join(','));
  put('kind', kinds.join(','));
  if (locationIds !== null) params.set('location', locationIds.join(',') || 'all');
  put('device', deviceIds.join(','));
  put('state', states.join(','));
  put('sort', sort === 'received' ? sort : null);
  return params;
};

/** Nothing but the place one works at. */
export const isNarrowed = (filter: ListFilter): boolean =>
  writeFilter({ ...filter, sort: 'study-date' }).size > 0;

/** What the API is asked for. `place` is the location one works at, or `all`. */
export const toBody = (
  filter: ListFilter,
  { text, place }: { readonly text: string; readonly place: string },
): StudySearchBody => {
  const { days, modalities, kinds, locationIds, deviceIds, states, sort } = filter;
  const from = days === null ? filter.from : localDay(Number(days) - 1);
  return {
    text,
    ...(from === null ? {} : { from }),
    ...(days !== null || filter.to === null ? {} : { to: filter.to }),
    modalities: [...modalities],
    kinds: [...kinds],
    locationIds: [...(locationIds ?? (place === 'all' ? [] : [place]))],
    deviceIds: [...deviceIds],
    states: [...states],
    sort,
  };
};
