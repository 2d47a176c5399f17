import { type DestinationStream, pino } from 'pino';
import { safeFields } from './safe-fields.ts';

type Write = (fields: object, message: string) => void;

/**
 * JSON lines on stdout, ids and UIDs only. The message is a constant of the code; whatever varies goes into `fields`,
 * where only allowed names keep their text (see `safe-fields.ts`). Errors go under `err`.
 */
export interface Logger {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  readonly fatal: Write;
  child(fields: object): Logger;
}

const wrap = (inner: import('pino').Logger): Logger => ({
  debug: (fields, message) => inner.debug(fields, message),
  info: (fields, message) => inner.info(fields, message),
  warn: (fields, message) => inner.warn(fields, message),
  error: (fields, message) => inner.error(fields, message),
  fatal: (fields, message) => inner.fatal(fields, message),
  child: (fields) => wrap(inner.child(safeFields(fields))),
});

/** `destination` is for tests; stdout otherwise, synchronously, so that the last words of a process are not lost. */
export const createLogger = (options: {
  readonly level: string;
  readonly destination?: DestinationStream;
}): Logger =>
  wrap(
    pino(
      {
        level: options.level,
        base: { pid: process.pid },
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        // pino would serialise `err` itself, message and all: `safeFields` is the only way out.
        serializers: {},
        hooks: {
          logMethod(args, method) {
            const [fields, message] = args;
            method.call(
              this,
              typeof fields === 'object' && fields !== null ? safeFields(fields) : {},
              message,
            );
          },
        },
        formatters: { level: (label) => ({ level: label }) },
      },
      options.destination ?? pino.destination({ fd: 1, sync: true }),
    ),
  );
