import { ChevronDown, ChevronUp } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Cell,
  Column as AriaColumn,
  Row as AriaRow,
  Table as AriaTable,
  TableBody,
  TableHeader,
} from 'react-aria-components';
import { Checkbox } from '../choice/checkbox.tsx';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import type { Column, Sort } from './column.ts';
import styles from './table.module.css';

export interface TableProps<Row> {
  /** What the table lists, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** Stands in place of the rows when there are none. */
  readonly empty?: ReactNode;
  /** Enter, or a press on the row. */
  readonly onOpen?: (row: Row) => void;
  /** The page of the row; the whole row then is its link. */
  readonly hrefOf?: (row: Row) => string;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  /** Shows boxes in front of the rows. */
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (selected: ReadonlySet<string>) => void;
}

/** A table of up to a few hundred rows. Arrow keys move, Enter opens, Space selects. For more, take `VirtualTable`. */
export const Table = <Row extends object>({
  label,
  columns,
  rows,
  idOf,
  empty,
  onOpen,
  hrefOf,
  sort,
  onSort,
  selected,
  onSelect,
}: TableProps<Row>) => {
  const text = useText(messages);
  const selects = selected !== undefined && onSelect !== undefined;
  const cellClass = ({ align, isWideOnly }: Column<Row>, ...more: (string | undefined)[]): string =>
    classes(align === 'end' && styles.end, isWideOnly === true && styles.wideOnly, ...more);
  return (
    <div className={styles.scroll}>
      <AriaTable
        aria-label={label}
        className={classes(styles.table)}
        selectionMode={selects ? 'multiple' : 'none'}
        {...(selects ? { selectedKeys: selected } : {})}
        onSelectionChange={(keys) =>
          onSelect?.(keys === 'all' ? new Set(rows.map(idOf)) : new Set([...keys].map(String)))
        }
        {...(sort === undefined || sort === null ? {} : { sortDescriptor: sort })}
        onSortChange={({ column, direction }) => onSort?.({ column: String(column), direction })}
        {...(onOpen === undefined
          ? {}
          : {
              onRowAction: (key) => {
                const row = rows.find((candidate) => idOf(candidate) === key);
                if (row !== undefined) onOpen(row);
              },
            })}
      >
        <TableHeader>
          {selects && (
            <AriaColumn className={classes(styles.head, styles.box)}>
              <Checkbox slot="selection" aria-label={text('selectAll')} />
            </AriaColumn>
          )}
          {columns.map((column) => (
            <AriaColumn
              key={column.id}
              id={column.id}
              isRowHeader={column.isRowHeader === true}
              allowsSorting={column.isSortable === true}
              className={cellClass(column, styles.head)}
            >
              {({ allowsSorting, sortDirection }) => (
                <span className={styles.title}>
                  {column.title}
                  {allowsSorting && sortDirection === 'ascending' && <ChevronUp size={13} aria-hidden />}
                  {allowsSorting && sortDirection === 'descending' && <ChevronDown size={13} aria-hidden />}
                </span>
              )}
            </AriaColumn>
          ))}
        </TableHeader>
        <TableBody
          dependencies={[columns, rows]}
          {...(empty === undefined ? {} : { renderEmptyState: () => empty })}
        >
          {rows.map((row) => (
            <AriaRow
              key={idOf(row)}
              id={idOf(row)}
              className={classes(styles.row, (onOpen ?? hrefOf) !== undefined && styles.opens)}
              {...(hrefOf === undefined ? {} : { href: hrefOf(row) })}
            >
              {selects && (
                <Cell className={classes(styles.box)}>
                  <Checkbox slot="selection" aria-label={text('selectRow')} />
                </Cell>
              )}
              {columns.map((column) => (
                <Cell key={column.id} className={cellClass(column, styles.cell)}>
                  {column.cell(row)}
                </Cell>
              ))}
            </AriaRow>
          ))}
        </TableBody>
      </AriaTable>
    </div>
  );
};
