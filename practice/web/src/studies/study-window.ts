import type { EndpointResponse } from '@archwire/contracts/api';
import { studiesApi } from '@archwire/contracts/api/studies';
import { call } from '../api/call.ts';
import type { StudySearchBody } from './list-filter.ts';

export type ListedStudy = EndpointResponse<typeof studiesApi.search>['studies'][number];

interface Page {
  /** `next` of the page before. */
  readonly after: string | undefined;
  /** How many rows it has, also when they were let go. */
  readonly length: number;
  readonly rows: readonly ListedStudy[] | null;
  readonly next: string | null;
}

/** What is known of the list at a moment. */
export interface WindowState {
  /** Rows that have a place, from the first on; those far from sight hold no data. */
  readonly length: number;
  readonly hasMore: boolean;
  /** The first page never came yet. */
  readonly isFirst: boolean;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly similar: readonly string[];
  /** Studies that came on top since the list was drawn. */
  readonly fresh: number;
}

const PAGE_ROWS = 100;
/** Pages on each side of what is in sight that keep their rows. */
const KEPT_PAGES = 4;

const START: WindowState = {
  length: 0,
  hasMore: true,
  isFirst: true,
  isLoading: false,
  error: null,
  similar: [],
  fresh: 0,
};

/**
 * The rows of one search, of which a window is held: the pages around what is in sight, and of all others no more than
 * where they begin. Pages are anchored at the row before them, so that studies that come on top move nothing.
 */
export const createStudyWindow = (body: StudySearchBody) => {
  let pages: readonly Page[] = [];
  let state = START;
  /** Of the first page as it was drawn, also when its rows were let go. */
  let top: ReadonlySet<string> = new Set();
  let inSight = { first: 0, last: 0 };
  let isOver = false;
  const listeners = new Set<() => void>();
  const loading = new Map<number, Promise<void>>();

  const publish = (change: Partial<WindowState> = {}): void => {
    const last = pages.at(-1);
    state = {
      ...state,
      length: pages.reduce((sum, { length }) => sum + length, 0),
      hasMore: last === undefined || last.next !== null,
      isLoading: loading.size > 0,
      ...change,
    };
    for (const listener of listeners) listener();
  };
  const ask = (after: string | undefined, limit = PAGE_ROWS) =>
    call(studiesApi.search, { body: { ...body, limit, ...(after === undefined ? {} : { after }) } });
  const toPage = (after: string | undefined, answer: Awaited<ReturnType<typeof ask>>): Page => ({
    after,
    length: answer.studies.length,
    rows: answer.studies,
    next: answer.next,
  });
  const put = (at: number, page: Page): void => {
    pages = [...pages.slice(0, at), page, ...pages.slice(at + 1)];
    if (at === 0) top = new Set(page.rows?.map(({ studyId }) => studyId));
  };
  const pageAt = (row: number): number => {
    let rest = row;
    const at = pages.findIndex(({ length }) => {
      rest -= length;
      return rest < 0;
    });
    return at === -1 ? pages.length : at;
  };

  const load = async (at: number): Promise<void> => {
    const before = at === 0 ? undefined : pages[at - 1];
    const after = pages[at]?.after ?? before?.next ?? undefined;
    if (loading.has(at) || isOver || at > pages.length || (at > 0 && after === undefined)) return;
    const work = (async () => {
      try {
        const answer = await ask(after);
        put(at, toPage(after, answer));
        loading.delete(at);
        publish({ isFirst: false, error: null, ...(at === 0 ? { similar: answer.similar } : {}) });
      } catch (error) {
        loading.delete(at);
        publish({ error });
      }
    })();
    loading.set(at, work);
    if (state.isFirst || !state.isLoading) publish();
    await work;
    fill();
  };

  /** Loads what is in sight or comes next, and lets go what is far. */
  const fill = (): void => {
    if (isOver || state.error !== null) return;
    const from = pageAt(Math.max(0, inSight.first - PAGE_ROWS / 2));
    const to = pageAt(inSight.last + PAGE_ROWS / 2);
    const near = (at: number): boolean => at >= from - KEPT_PAGES && at <= to + KEPT_PAGES;
    if (pages.some(({ rows }, at) => rows !== null && !near(at)))
      pages = pages.map((page, at) => (near(at) ? page : { ...page, rows: null }));
    for (let at = from; at <= to; at += 1) {
      const page = pages[at];
      if (page === undefined ? at === pages.length && state.hasMore : page.rows === null) void load(at);
    }
  };

  return {
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state: (): WindowState => state,
    /** `undefined`: not here, or not any more. */
    row: (at: number): ListedStudy | undefined => {
      let rest = at;
      for (const { length, rows } of pages) {
        if (rest < length) return rows?.[rest];
        rest -= length;
      }
      return undefined;
    },
    /** Says which rows are in sight. */
    see: (first: number, last: number): void => {
      inSight = { first, last };
      fill();
    },
    retry: (): void => {
      publish({ error: null });
      fill();
    },
    /** Whether the rows that are held say anything about this study. */
    holds: (studyId: string): boolean =>
      pages.some(({ rows }) => rows?.some((row) => row.studyId === studyId) === true),
    /** Begins the list anew at its top, without an empty moment. */
    restart: async (): Promise<void> => {
      const answer = await ask(undefined);
      if (isOver) return;
      pages = [];
      put(0, toPage(undefined, answer));
      publish({ isFirst: false, error: null, similar: answer.similar, fresh: 0 });
      fill();
    },
    /** Asks again for the pages that hold these studies, each from its anchor, and how many others came on top. */
    refresh: async (studyIds: ReadonlySet<string> | 'all'): Promise<void> => {
      const answer = await ask(undefined);
      if (isOver) return;
      const fresh = answer.studies.findIndex(({ studyId }) => top.has(studyId));
      const now = new Map(answer.studies.map((study) => [study.studyId, study]));
      pages = pages.map((page) => ({
        ...page,
        rows: page.rows?.map((row) => now.get(row.studyId) ?? row) ?? null,
      }));
      publish({ fresh: fresh === -1 ? answer.studies.length : fresh });
      for (const [at, { rows, after }] of pages.entries()) {
        if (at === 0 || rows === null) continue;
        if (studyIds !== 'all' && !rows.some(({ studyId }) => studyIds.has(studyId))) continue;
        const page = await ask(after);
        if (isOver) return;
        if (pages[at]?.after === after) put(at, toPage(after, page));
        publish();
      }
    },
    end: (): void => {
      isOver = true;
      listeners.clear();
    },
  };
};
export type StudyWindow = ReturnType<typeof createStudyWindow>;
