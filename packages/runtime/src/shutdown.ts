import type { EventEmitter } from 'node:events';
import type { Logger } from './logger.ts';

/** What every `start()` gives back. */
export type Stop = () => Promise<void>;

export interface Shutdown {
  /** Parts stop in the reverse order of being added: what was started last leans on all the others. */
  add(name: string, stop: Stop): void;
  /** Stops everything, once; later calls wait for the first. Resolves to the exit code; never rejects. */
  stop(reason: string, code?: number): Promise<number>;
  /** SIGTERM and SIGINT stop in order and exit 0; a second signal exits at once; what nobody caught stops in order and exits 1. */
  listen(): void;
}

interface Deps {
  readonly log: Logger;
  /** After this long the process exits anyway, with code 1. */
  readonly timeoutMs: number;
  readonly exit?: (code: number) => void;
  /** Where signals come from; the process. */
  readonly events?: EventEmitter;
}

const FORCED = 130;

export const createShutdown = ({
  log,
  timeoutMs,
  exit = (code) => process.exit(code),
  events = process,
}: Deps): Shutdown => {
  const parts: { readonly name: string; readonly stop: Stop }[] = [];
  let stopping: Promise<number> | undefined;

  const stopAll = async (): Promise<boolean> => {
    let clean = true;
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      try {
        await part.stop();
        log.debug({ component: part.name }, 'stopped');
      } catch (error) {
        clean = false;
        log.error({ component: part.name, err: error }, 'a part did not stop cleanly');
      }
    }
    return clean;
  };

  const run = async (reason: string, code: number): Promise<number> => {
    log.info({ reason }, 'stopping');
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), timeoutMs);
    const end = await Promise.race([stopAll(), late.promise]);
    clearTimeout(timer);
    if (end === 'late') {
      log.error({ timeoutMs }, 'parts did not stop in time; leaving all the same');
      return 1;
    }
    return end ? code : Math.max(code, 1);
  };

  const shutdown: Shutdown = {
    add: (name, stop) => {
      parts.push({ name, stop });
    },
    stop: (reason, code = 0) => {
      stopping ??= run(reason, code);
      return stopping;
    },
    listen: () => {
      const leave = async (reason: string, code: number) => exit(await shutdown.stop(reason, code));
      const onSignal = (signal: string) => {
        if (stopping !== undefined) {
          log.warn({ signal }, 'second signal: leaving at once');
          exit(FORCED);
          return;
        }
        void leave(signal, 0);
      };
      events.on('SIGTERM', onSignal);
      events.on('SIGINT', onSignal);
      const onError = (event: string) => (error: unknown) => {
        log.fatal({ event, err: error }, 'nobody caught an error; stopping in order');
        void leave(event, 1);
      };
      events.on('unhandledRejection', onError('unhandledRejection'));
      events.on('uncaughtException', onError('uncaughtException'));
    },
  };
  return shutdown;
};
