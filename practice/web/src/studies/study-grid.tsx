import { classes, useIsNarrow, useText } from '@archwire/ui';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { messages } from './messages.ts';
import styles from './study-grid.module.css';
import { StudyCells } from './study-row.tsx';
import type { ListPlace } from './use-study-window.ts';
import type { ListedStudy, StudyWindow, WindowState } from './study-window.ts';

/** As in the style sheet. */
const ROW_PX = { desk: 56, phone: 88 } as const;
const OVERSCAN = 8;
/** Rows that stand for what is still to come. */
const WAITING = 12;
/** Chromium clips an element at 33,554,432 px: of half a million rows on, filters lead there. */
const TALLEST_PX = 33_000_000;

export interface StudyGridProps {
  readonly window: StudyWindow;
  readonly state: WindowState;
  readonly isStale: boolean;
  readonly place: ListPlace;
  readonly hrefOf: (study: ListedStudy) => string;
  readonly onOpen: (study: ListedStudy) => void;
  readonly onNear: (study: ListedStudy) => void;
  /** Gives away how to move and what is active, for the keys of the page. */
  readonly control: (control: GridControl | null) => void;
}

export interface GridControl {
  readonly move: (by: number) => void;
  readonly active: () => ListedStudy | undefined;
  readonly focus: () => void;
  readonly toTop: () => void;
  readonly isAtTop: () => boolean;
}

/** The rows that are in sight, of a list of any length. */
export const StudyGrid = ({
  window: list,
  state,
  isStale,
  place,
  hrefOf,
  onOpen,
  onNear,
  control,
}: StudyGridProps) => {
  const text = useText(messages);
  const rowHeight = useIsNarrow() ? ROW_PX.phone : ROW_PX.desk;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: place.scrollTop(), height: 900 });
  const [active, setActive] = useState(() => place.active());
  const count = Math.min(
    state.length + (state.hasMore && state.error === null ? WAITING : 0),
    Math.floor(TALLEST_PX / rowHeight),
  );
  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const last = Math.min(count - 1, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  const at = Math.min(active, Math.max(0, state.length - 1));

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    element.scrollTop = place.scrollTop();
    const look = (): void =>
      setView((before) =>
        before.top === element.scrollTop && before.height === element.clientHeight
          ? before
          : { top: element.scrollTop, height: element.clientHeight },
      );
    const onScroll = (): void => {
      place.note({ scrollTop: element.scrollTop });
      look();
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [place]);
  useEffect(() => list.see(first, Math.max(first, last)), [list, first, last, state.length, state.hasMore]);

  const moveTo = (to: number): void => {
    const element = scroller.current;
    const next = Math.max(0, Math.min(state.length - 1, to));
    setActive(next);
    place.note({ active: next });
    const row = list.row(next);
    if (row !== undefined) onNear(row);
    if (element === null) return;
    const top = next * rowHeight;
    const head = element.querySelector<HTMLElement>('[data-head]')?.offsetHeight ?? 0;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight - head)
      element.scrollTop = top + rowHeight - element.clientHeight + head;
  };
  useEffect(() => {
    control({
      move: (by) => {
        const hasFocus = scroller.current === document.activeElement;
        scroller.current?.focus({ preventScroll: true });
        moveTo(hasFocus ? at + by : at);
      },
      active: () => list.row(at),
      focus: () => scroller.current?.focus({ preventScroll: true }),
      toTop: () => {
        if (scroller.current !== null) scroller.current.scrollTop = 0;
        setActive(0);
        place.note({ active: 0 });
      },
      isAtTop: () => (scroller.current?.scrollTop ?? 0) < rowHeight / 2,
    });
    return () => control(null);
  });

  const pageRows = Math.max(1, Math.floor(view.height / rowHeight) - 2);
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moveTo(at + 1),
    ArrowUp: () => moveTo(at - 1),
    PageDown: () => moveTo(at + pageRows),
    PageUp: () => moveTo(at - pageRows),
    Home: () => moveTo(0),
    End: () => moveTo(state.length - 1),
    Enter: () => {
      const row = list.row(at);
      if (row !== undefined) onOpen(row);
    },
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const run = event.target === event.currentTarget ? moves[event.key] : undefined;
    if (run === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  };

  const isActiveDrawn = at >= first && at <= last && list.row(at) !== undefined;
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={text('list')}
      aria-rowcount={state.hasMore ? -1 : state.length + 1}
      aria-colcount={8}
      aria-busy={isStale || state.isFirst}
      aria-activedescendant={isActiveDrawn ? `study-row-${at}` : undefined}
      tabIndex={0}
      className={styles.grid}
      data-stale={isStale || undefined}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} data-head className={styles.head}>
        <div role="columnheader">
          <span className={styles.srOnly}>{text('picture')}</span>
        </div>
        <div role="columnheader">{text('patient')}</div>
        <div role="columnheader">{text('date')}</div>
        <div role="columnheader">{text('modality')}</div>
        <div role="columnheader">{text('description')}</div>
        <div role="columnheader">{text('images')}</div>
        <div role="columnheader">{text('place')}</div>
        <div role="columnheader">{text('received')}</div>
      </div>
      <div role="rowgroup" className={styles.rows} style={{ height: count * rowHeight }}>
        {Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => {
          const index = first + offset;
          const study = list.row(index);
          const style = { transform: `translateY(${index * rowHeight}px)` };
          if (study === undefined) {
            return (
              <div
                key={`waiting-${index}`}
                className={classes(styles.row, styles.waiting)}
                style={style}
                aria-hidden
              >
                <span className={styles.picture} />
                <span />
                <span />
                <span />
                <span />
              </div>
            );
          }
          return (
            // The grid itself has the focus and hears the keys of all its rows.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={study.studyId}
              id={`study-row-${index}`}
              role="row"
              aria-rowindex={index + 2}
              data-active={index === at || undefined}
              className={styles.row}
              style={style}
              onPointerEnter={() => onNear(study)}
              onClick={(event) => {
                setActive(index);
                place.note({ active: index });
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                onOpen(study);
              }}
            >
              <StudyCells study={study} href={hrefOf(study)} />
            </div>
          );
        })}
      </div>
    </div>
  );
};
