import { Button, Checkbox, SegmentedControl, useFormat, useText } from '@archwire/ui';
import type { EndpointResponse } from '@archwire/contracts/api';
import { imageKinds } from '@archwire/contracts/image-view';
import type { studiesApi } from '@archwire/contracts/api/studies';
import { CalendarDays, CircleDot, Images, MapPin, Scan, ScanLine, X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useMay } from '../api/use-me.ts';
import { FilterChip } from './filter-chip.tsx';
import styles from './filter-bar.module.css';
import { isNarrowed, type ListFilter, type MatchState, PRESETS } from './list-filter.ts';
import { messages } from './messages.ts';
import { safeText } from './safe-text.ts';

const DateRange = lazy(() => import('./date-range.tsx'));

interface Choice {
  readonly id: string;
  readonly name: string;
}

/** What somebody looks for; other objects are found by their modality. */
const FILTERED_KINDS = [
  'panoramic',
  'cephalogram',
  'photo',
  'bitewing',
  'periapical',
  'occlusal',
  'radiograph',
  'cbct',
  'scan',
  'report',
  'document',
] as const;

const NONE: ListFilter = {
  days: null,
  from: null,
  to: null,
  modalities: [],
  kinds: [],
  locationIds: null,
  deviceIds: [],
  states: [],
  sort: 'study-date',
};

const Choices = ({
  choices,
  chosen,
  onChange,
}: {
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
}) => (
  <div className={styles.choices}>
    {choices.map(({ id, name }) => (
      <Checkbox
        key={id}
        isSelected={chosen.includes(id)}
        onChange={(isOn) => onChange(isOn ? [...chosen, id] : chosen.filter((other) => other !== id))}
      >
        {safeText(name)}
      </Checkbox>
    ))}
  </div>
);

/** The filters of the list, each as a chip that says what it is set to. */
export const FilterBar = ({
  filter,
  onChange,
  facets,
  place,
}: {
  readonly filter: ListFilter;
  readonly onChange: (filter: ListFilter) => void;
  readonly facets: EndpointResponse<typeof studiesApi.facets> | undefined;
  /** The location one works at, or `all`. */
  readonly place: string;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const seesRejected = useMay('imaging.reconcile.write');
  const set = (change: Partial<ListFilter>): void => onChange({ ...filter, ...change });
  const said = (ids: readonly string[], choices: readonly Choice[]): string | null => {
    if (ids.length === 0) return null;
    const [only] = ids.length === 1 ? choices.filter(({ id }) => id === ids[0]) : [];
    return only === undefined ? text('selected', { count: ids.length }) : safeText(only.name);
  };
  const locations = facets?.locations ?? [];
  const devices = facets?.devices ?? [];
  const modalities = (facets?.modalities ?? []).map((id) => ({ id, name: id }));
  const kinds = FILTERED_KINDS.map((id) => ({ id, name: text(`kind-${id}`) }));
  const states: readonly Choice[] = (
    ['auto', 'matched', 'suggested', 'quarantined', ...(seesRejected ? (['rejected'] as const) : [])] as const
  ).map((id) => ({ id, name: text(id) }));
  const locationIds = filter.locationIds ?? (place === 'all' ? [] : [place]);
  const date =
    filter.days !== null
      ? filter.days === '1'
        ? text('today')
        : text('lastDays', { days: filter.days })
      : filter.from === null && filter.to === null
        ? null
        : [filter.from, filter.to].map((day) => (day === null ? '' : format.date(day))).join(' – ');
  return (
    <div role="group" aria-label={text('filters')} className={styles.bar}>
      <FilterChip label={text('date')} value={date} icon={CalendarDays}>
        {(close) => (
          <div className={styles.dates}>
            <div className={styles.presets}>
              {PRESETS.map((days) => (
                <Button
                  key={days}
                  tone={filter.days === days ? 'primary' : 'plain'}
                  onPress={() => {
                    set({ days, from: null, to: null });
                    close();
                  }}
                >
                  {days === '1' ? text('today') : text('lastDays', { days })}
                </Button>
              ))}
              <Button
                tone="ghost"
                onPress={() => {
                  set({ days: null, from: null, to: null });
                  close();
                }}
              >
                {text('anyDate')}
              </Button>
            </div>
            <Suspense>
              <DateRange
                label={text('range')}
                value={
                  filter.from !== null && filter.to !== null ? { from: filter.from, to: filter.to } : null
                }
                onChange={(range) => set({ days: null, from: range?.from ?? null, to: range?.to ?? null })}
              />
            </Suspense>
          </div>
        )}
      </FilterChip>
      <FilterChip label={text('kind')} value={said(filter.kinds, kinds)} icon={Images}>
        <Choices
          choices={kinds}
          chosen={filter.kinds}
          onChange={(ids) => set({ kinds: imageKinds.filter((kind) => ids.includes(kind)) })}
        />
      </FilterChip>
      <FilterChip label={text('modality')} value={said(filter.modalities, modalities)} icon={ScanLine}>
        <Choices
          choices={modalities}
          chosen={filter.modalities}
          onChange={(ids) => set({ modalities: ids })}
        />
      </FilterChip>
      {locations.length > 1 && (
        <FilterChip label={text('place')} value={said(locationIds, locations)} icon={MapPin}>
          <Choices choices={locations} chosen={locationIds} onChange={(ids) => set({ locationIds: ids })} />
        </FilterChip>
      )}
      {devices.length > 0 && (
        <FilterChip label={text('device')} value={said(filter.deviceIds, devices)} icon={Scan}>
          <Choices choices={devices} chosen={filter.deviceIds} onChange={(ids) => set({ deviceIds: ids })} />
        </FilterChip>
      )}
      <FilterChip label={text('state')} value={said(filter.states, states)} icon={CircleDot}>
        <Choices
          choices={states}
          chosen={filter.states}
          onChange={(ids) =>
            set({ states: ids.filter((id): id is MatchState => states.some((state) => state.id === id)) })
          }
        />
      </FilterChip>
      {isNarrowed(filter) && (
        <Button tone="ghost" onPress={() => onChange({ ...NONE, sort: filter.sort })}>
          <X size={14} aria-hidden />
          {text('clear')}
        </Button>
      )}
      <div className={styles.sort}>
        <SegmentedControl
          label={text('sort')}
          options={[
            { id: 'study-date', label: text('sortDate') },
            { id: 'received', label: text('sortReceived') },
          ]}
          value={filter.sort}
          onChange={(sort) => set({ sort })}
        />
      </div>
    </div>
  );
};
