/** Network errors of node, and PostgreSQL's classes 08 connection, 53 resources, 57P0x going away or not there yet. */
const AWAY =
  /^(?:ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08...|53...|57P0.)$/;
const AWAY_WORDS = /Connection terminated|not queryable|timeout exceeded when trying to connect/;

const isAway = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && typeof error.code === 'string' && AWAY.test(error.code)) ||
    AWAY_WORDS.test(error.message));

const asRefused = (error: unknown): unknown =>
  isAway(error)
    ? Object.assign(new Error('The store of the queue does not answer.', { cause: error }), {
        code: 'ECONNREFUSED',
      })
    : error;

/**
 * BullMQ pauses and repeats after ECONNREFUSED only. Every other way for PostgreSQL to be away it takes for a fault: it asks
 * for the next job again without a pause, hundreds of times a second, and gives up writing how a job ended, which then
 * waits for its lock to expire. So a worker's backend says ECONNREFUSED for all of them.
 */
export const patientBackend = <Backend extends object>(backend: Backend): Backend =>
  new Proxy(backend, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, target, args);
        return answer instanceof Promise
          ? answer.catch((error: unknown) => {
              throw asRefused(error);
            })
          : answer;
      };
    },
  });
