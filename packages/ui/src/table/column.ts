import type { ReactNode } from 'react';

/** A column of a `Table` or a `VirtualTable`. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** The column that names the row; exactly one has it. */
  readonly isRowHeader?: boolean;
  readonly isSortable?: boolean;
  readonly align?: 'start' | 'end';
  /** A CSS grid track: `90px`, `minmax(160px, 2fr)`. */
  readonly width?: string;
  /** Left out on a telephone. */
  readonly isWideOnly?: boolean;
}

/** By which column, and which way. */
export interface Sort {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}
