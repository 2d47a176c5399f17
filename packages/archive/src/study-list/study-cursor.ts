import { AppError } from '@archwire/contracts';
import { z } from 'zod';
import type { SqlCondition } from '../query/condition-sql.ts';
import type { StudySort } from './study-filter.ts';

/** Where a page ended: the place in the order, which stays true whatever comes or goes. */
export interface StudyCursor {
  readonly on_date: string;
  readonly on_time: string;
  readonly id: string;
}

const Cursor = z.tuple([z.iso.date(), z.string().max(2000), z.uuid()]);

/** As it crosses the wire. It names no patient. */
export const writeCursor = ({ on_date, on_time, id }: StudyCursor): string =>
  Buffer.from(JSON.stringify([on_date, on_time, id])).toString('base64url');

/** @throws AppError `invalid` */
export const readCursor = (text: string): StudyCursor => {
  try {
    const [on_date, on_time, id] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { on_date, on_time, id };
  } catch (cause) {
    throw new AppError('invalid', 'The list goes on from a place that is none. Load it again.', { cause });
  }
};

/** Ids are uuidv7, made when the first image comes: their order is the order of arrival. */
export const orderOf = (sort: StudySort): string =>
  sort === 'received' ? 's.id desc' : 's.on_date desc, s.on_time desc, s.id desc';

/** Everything behind the cursor. */
export const behind = (cursor: StudyCursor | undefined, sort: StudySort): readonly SqlCondition[] => {
  if (cursor === undefined) return [];
  return sort === 'received'
    ? [{ sql: 's.id < ?::uuid', bindings: [cursor.id] }]
    : [
        {
          sql: '(s.on_date, s.on_time, s.id) < (?::date, ?, ?::uuid)',
          bindings: [cursor.on_date, cursor.on_time, cursor.id],
        },
      ];
};
