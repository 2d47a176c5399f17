import { patientsApi } from '@archwire/contracts/api/patients';
import { studiesApi } from '@archwire/contracts/api/studies';
import {
  Button,
  createStore,
  EmptyState,
  ErrorState,
  SearchField,
  useFormat,
  useShortcut,
  useText,
} from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { ArrowUp, SearchX } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { session } from '../api/session.ts';
import { endpointQuery, useEndpoint } from '../api/use-endpoint.ts';
import { locationChoice } from '../shell/location-choice.ts';
import { FilterBar } from './filter-bar.tsx';
import { FirstImage } from './first-image.tsx';
import { isNarrowed, readFilter, toBody, writeFilter } from './list-filter.ts';
import { messages } from './messages.ts';
import { type GridControl, StudyGrid } from './study-grid.tsx';
import styles from './study-list-page.module.css';
import type { ListedStudy } from './study-window.ts';
import { useLiveStudies } from './use-live-studies.ts';
import { useStudyWindow } from './use-study-window.ts';

/** Typed, it is asked for after this pause. */
const TYPING_MS = 120;
const FRESH_SHOWN = 99;

/** The text searched for, in memory alone: it may be a name, which belongs into no address and no storage. */
const searchText = createStore('');
session.subscribe(() => {
  if (session.state().status === 'signed-out') searchText.set('');
});

const pageOf = ({ studyId }: ListedStudy): string => `/studies/${studyId}`;
const viewerOf = ({ studyInstanceUid }: ListedStudy): string =>
  `/viewer/ortho?StudyInstanceUIDs=${encodeURIComponent(studyInstanceUid)}`;

/** The studies of the group: every one of them, found by a few letters, and those that come while one looks. */
export const StudyListPage = () => {
  const text = useText(messages);
  const format = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => readFilter(params), [params]);
  const place = locationChoice.use();
  const [typed, setTyped] = useState(searchText.get);
  const asked = searchText.use();
  const search = useRef<HTMLDivElement>(null);
  const grid = useRef<GridControl>(null);
  useEffect(() => {
    if (typed.trim() === asked) return undefined;
    const timer = setTimeout(() => searchText.set(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, asked]);

  const body = useMemo(() => toBody(filter, { text: asked, place }), [filter, asked, place]);
  const { list, window: rows, state, isStale } = useStudyWindow(body);
  const { sort: _, ...counted } = body;
  const { data: count } = useEndpoint(
    studiesApi.count,
    { body: counted },
    { placeholderData: (before) => before, staleTime: 5000, refetchInterval: 30_000 },
  );
  const { data: facets } = useEndpoint(studiesApi.facets, {}, { staleTime: 60_000 });
  const isReceiving = Array.from({ length: Math.min(state.length, 40) }, (_none, at) => rows.row(at)).some(
    (row) => row?.receiving === true,
  );
  useLiveStudies(rows, () => grid.current?.isAtTop() ?? true, isReceiving);

  const open = (study: ListedStudy | undefined): void => {
    if (study !== undefined) void navigate(pageOf(study));
  };
  const near = (study: ListedStudy): void =>
    void client.prefetchQuery({
      ...endpointQuery(patientsApi.study, { params: { id: study.studyId } }),
      staleTime: 20_000,
    });
  const group = text('keys');
  const input = (): HTMLInputElement | null => search.current?.querySelector('input') ?? null;
  useShortcut('/', () => input()?.select(), { label: text('keySearch'), group });
  useShortcut('j', () => grid.current?.move(1), { label: text('keyDown'), group });
  useShortcut('k', () => grid.current?.move(-1), { label: text('keyUp'), group });
  useShortcut('o', () => open(grid.current?.active()), { label: text('keyOpen'), group });
  useShortcut(
    'v',
    () => {
      const study = grid.current?.active();
      if (study !== undefined) location.assign(viewerOf(study));
    },
    { label: text('keyViewer'), group },
  );
  useShortcut(
    'p',
    () => {
      const patientId = grid.current?.active()?.patientId ?? null;
      if (patientId !== null) void navigate(`/patients/${patientId}`);
    },
    { label: text('keyPatient'), group },
  );

  const isEmpty = !state.isFirst && state.length === 0 && !state.hasMore;
  const isUnsearched = asked === '' && !isNarrowed(filter) && place === 'all';
  const showFresh = async (): Promise<void> => {
    await rows.restart();
    grid.current?.toTop();
    grid.current?.focus();
  };
  const shownCount = count === undefined ? '' : format.number(count.count);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <div className={styles.title}>
          <h1>{text('title')}</h1>
          <span className={styles.count} role="status">
            {count !== undefined &&
              (count.more
                ? text('countMore', { shown: shownCount })
                : text('count', { count: count.count, shown: shownCount }))}
          </span>
          <div
            ref={search}
            role="presentation"
            className={styles.search}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
              event.preventDefault();
              grid.current?.focus();
            }}
          >
            <SearchField
              label={text('search')}
              placeholder={text('searchHint')}
              value={typed}
              onChange={setTyped}
              maxLength={200}
              autoComplete="off"
            />
          </div>
        </div>
        <FilterBar
          filter={filter}
          onChange={(next) => setParams(writeFilter(next), { replace: true })}
          facets={facets}
          place={place}
        />
      </header>
      <div className={styles.list}>
        {isStale && <div className={styles.progress} role="presentation" />}
        {state.fresh > 0 && (
          <div className={styles.fresh} role="status">
            <Button tone="primary" onPress={() => void showFresh()}>
              <ArrowUp size={14} aria-hidden />
              {state.fresh > FRESH_SHOWN
                ? text('moreNewStudies', { count: FRESH_SHOWN })
                : text('newStudies', { count: state.fresh })}
            </Button>
          </div>
        )}
        {state.error !== null && state.length === 0 ? (
          <ErrorState error={state.error} onRetry={rows.retry} />
        ) : isEmpty ? (
          isUnsearched ? (
            <FirstImage receiver={facets?.receiver ?? null} />
          ) : (
            <EmptyState
              icon={SearchX}
              title={text('nothing')}
              action={
                <Button
                  onPress={() => {
                    setTyped('');
                    searchText.set('');
                    setParams(new URLSearchParams({ location: 'all' }), { replace: true });
                  }}
                >
                  {text('showAll')}
                </Button>
              }
            >
              <p>{text('nothingHint')}</p>
              {state.similar.length > 0 && (
                <p className={styles.similar}>
                  {text('similar')}
                  {state.similar.map((each) => (
                    <Button key={each} onPress={() => setTyped(each)}>
                      {each}
                    </Button>
                  ))}
                </p>
              )}
            </EmptyState>
          )
        ) : (
          <StudyGrid
            key={list.key}
            window={rows}
            state={state}
            isStale={isStale}
            place={list.place}
            hrefOf={pageOf}
            onOpen={open}
            onNear={near}
            control={(control) => {
              grid.current = control;
            }}
          />
        )}
        {!state.isFirst && state.length === 0 && state.hasMore && (
          <p className={styles.older} role="status">
            {text('older')}
          </p>
        )}
      </div>
    </div>
  );
};
