import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import type { Column, Sort } from './column.ts';
import styles from './table.module.css';
import { useIsNarrow } from './use-is-narrow.ts';

/** Chromium clips an element at 33,554,432 px; below that with room for the head. */
const TALLEST_PX = 33_000_000;
const AHEAD_ROWS = 30;
const ROW_PX = { desk: 36, phone: 52 } as const;
const WAITING_ROWS = 3;

export interface VirtualTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** What came so far, from the first row on, without gaps. */
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Called when the end of `rows` comes near: ask for the next page by its key. */
  readonly onMore: () => void;
  readonly onOpen: (row: Row) => void;
  /** The page of the row, so that it opens in a new tab too. */
  readonly hrefOf?: (row: Row) => string;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  readonly empty?: ReactNode;
  /** Called before a row is opened, when the mouse rests on it or the keys reach it. */
  readonly onNear?: (row: Row) => void;
}

/** Of the rows beyond the tallest element nothing can be shown: narrow the filters. */
const mostRows = (rowHeight: number): number => Math.floor(TALLEST_PX / rowHeight);

/**
 * A table over any number of rows, of which only those in sight are drawn and only those reached are loaded. It fills
 * its parent, which must have a height. Arrow keys, Page Up and Down, Home and End move; Enter opens.
 */
export const VirtualTable = <Row,>({
  label,
  columns,
  rows,
  idOf,
  hasMore,
  isLoadingMore,
  onMore,
  onOpen,
  hrefOf,
  sort,
  onSort,
  empty,
  onNear,
}: VirtualTableProps<Row>) => {
  const text = useText(messages);
  const id = useId();
  const narrow = useIsNarrow();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const rowHeight = narrow ? ROW_PX.phone : ROW_PX.desk;
  const shownColumns = columns.filter(({ isWideOnly }) => !narrow || isWideOnly !== true);
  const template = shownColumns.map(({ width }) => width ?? 'minmax(80px, 1fr)').join(' ');
  const count = Math.min(rows.length + (hasMore ? WAITING_ROWS : 0), mostRows(rowHeight));
  // Its functions change without React's knowing; we memoize nothing by them.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: 40,
  });
  const drawn = virtualizer.getVirtualItems();
  const lastDrawn = drawn.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && !isLoadingMore && lastDrawn >= rows.length - AHEAD_ROWS) onMore();
  }, [hasMore, isLoadingMore, lastDrawn, rows.length, onMore]);
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const at = Math.min(active, Math.max(rows.length - 1, 0));
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    virtualizer.scrollToIndex(next);
    const row = rows[next];
    if (row !== undefined) onNear?.(row);
  };
  const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
  const moves: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move(at + 1),
    ArrowUp: () => move(at - 1),
    PageDown: () => move(at + pageRows),
    PageUp: () => move(at - pageRows),
    Home: () => move(0),
    End: () => move(rows.length - 1),
    Enter: () => {
      const row = rows[at];
      if (row !== undefined) onOpen(row);
    },
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const run = event.target === event.currentTarget ? moves[event.key] : undefined;
    if (run === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  };

  if (rows.length === 0 && !hasMore && empty !== undefined) return empty;
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      aria-colcount={shownColumns.length}
      aria-busy={isLoadingMore}
      aria-activedescendant={drawn.some(({ index }) => index === at) ? `${id}-${at}` : undefined}
      tabIndex={0}
      className={styles.grid}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className={styles.gridHead} style={{ gridTemplateColumns: template }}>
        {shownColumns.map((column) => {
          const direction = sort?.column === column.id ? sort.direction : undefined;
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={column.isSortable === true ? (direction ?? 'none') : undefined}
              className={classes(column.align === 'end' && styles.end)}
            >
              {column.isSortable === true && onSort !== undefined ? (
                <button
                  type="button"
                  onClick={() =>
                    onSort({
                      column: column.id,
                      direction: direction === 'descending' ? 'ascending' : 'descending',
                    })
                  }
                >
                  {column.title}
                  {direction === 'ascending' && <ChevronUp size={13} aria-hidden />}
                  {direction === 'descending' && <ChevronDown size={13} aria-hidden />}
                </button>
              ) : (
                column.title
              )}
            </div>
          );
        })}
      </div>
      <div role="rowgroup" style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
        {drawn.map(({ index, start }) => {
          const row = rows[index];
          const style = {
            gridTemplateColumns: template,
            height: rowHeight,
            transform: `translateY(${start}px)`,
          };
          if (row === undefined) {
            return (
              <div key={`waiting-${index}`} className={styles.gridRow} style={style} aria-hidden>
                <span>
                  <span className={styles.bone} />
                </span>
              </div>
            );
          }
          const href = hrefOf?.(row);
          return (
            // The grid itself has the focus and hears the keys of all its rows.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={idOf(row)}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              data-active={index === at || undefined}
              className={styles.gridRow}
              style={style}
              onPointerEnter={onNear === undefined ? undefined : () => onNear(row)}
              onClick={(event) => {
                setActive(index);
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                onOpen(row);
              }}
            >
              {shownColumns.map((column) => (
                <div
                  key={column.id}
                  role={column.isRowHeader === true ? 'rowheader' : 'gridcell'}
                  className={classes(column.align === 'end' && styles.end)}
                >
                  {column.isRowHeader === true && href !== undefined ? (
                    <a href={href} tabIndex={-1}>
                      {column.cell(row)}
                    </a>
                  ) : (
                    column.cell(row)
                  )}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {isLoadingMore && (
        <span role="status" className={styles.srOnly}>
          {text('moreRows')}
        </span>
      )}
    </div>
  );
};
