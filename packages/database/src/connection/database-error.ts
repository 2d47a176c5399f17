import { AppError } from '@archwire/contracts';
import knex from 'knex';
import { DatabaseError } from 'pg';

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Class 08 connection, 53 resources, 57P0x server going away or not there yet, 25P03 idle transaction ended. */
const AWAY = /^(?:08...|53...|57P0.|25P03)$/;

const isAway = (error: Error): boolean => {
  if (error instanceof knex.KnexTimeoutError) return true;
  if ('code' in error && typeof error.code === 'string')
    return NETWORK_CODES.has(error.code) || AWAY.test(error.code);
  return /Connection terminated|connection error and is not queryable|timeout expired|Client was closed|Unable to acquire a connection/.test(
    error.message,
  );
};

/**
 * What the rest of the program may see of a driver's error. PostgreSQL gone: AppError `unavailable`, worth a retry.
 * Everything else keeps its `code` and `constraint`, but loses the parts that quote values of the row.
 */
export const toDatabaseError = (error: unknown): unknown => {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  if (isAway(error)) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
    return new AppError(
      'unavailable',
      'The database does not answer. It is tried again on the next request; if this stays, check PostgreSQL.',
      {
        details: { code },
      },
    );
  }
  if (error instanceof DatabaseError) {
    error.detail = undefined;
    error.where = undefined;
    error.internalQuery = undefined;
    if (error.code?.startsWith('22'))
      error.message = `A value does not fit its column (SQLSTATE ${error.code}).`;
  }
  return error;
};
