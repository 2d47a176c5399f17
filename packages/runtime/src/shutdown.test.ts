import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { createShutdown } from './shutdown.ts';

const log = createLogger({ level: 'silent' });

describe('shutdown', () => {
  it('stops in reverse order, once, and goes on past a part that fails', async () => {
    const order: string[] = [];
    const shutdown = createShutdown({ log, timeoutMs: 5000 });
    for (const name of ['database', 'queues', 'http']) {
      shutdown.add(name, async () => {
        order.push(name);
        if (name === 'queues') throw new Error('stuck');
      });
    }
    expect(await Promise.all([shutdown.stop('test'), shutdown.stop('again')])).toEqual([1, 1]);
    expect(order).toEqual(['http', 'queues', 'database']);
  });

  it('gives the code it was asked for when all went well', async () => {
    expect(await createShutdown({ log, timeoutMs: 5000 }).stop('test')).toBe(0);
    expect(await createShutdown({ log, timeoutMs: 5000 }).stop('test', 3)).toBe(3);
  });

  it('does not wait for ever', async () => {
    const shutdown = createShutdown({ log, timeoutMs: 10 });
    shutdown.add('hangs', () => new Promise(() => {}));
    expect(await shutdown.stop('test')).toBe(1);
  });

  it('stops at a signal and leaves at once at the second', async () => {
    const codes: number[] = [];
    const exited = Promise.withResolvers<void>();
    const events = new EventEmitter();
    const shutdown = createShutdown({
      events,
      log,
      timeoutMs: 5000,
      exit: (code) => {
        codes.push(code);
        if (codes.length === 2) exited.resolve();
      },
    });
    const held = Promise.withResolvers<void>();
    shutdown.add('slow', () => held.promise);
    shutdown.listen();
    events.emit('SIGTERM', 'SIGTERM');
    events.emit('SIGINT', 'SIGINT');
    expect(codes).toEqual([130]);
    held.resolve();
    await exited.promise;
    expect(codes).toEqual([130, 0]);
  });

  it('stops in order with code 1 when a rejection was forgotten', async () => {
    const events = new EventEmitter();
    const exited = Promise.withResolvers<number>();
    const shutdown = createShutdown({ events, log, timeoutMs: 5000, exit: exited.resolve });
    shutdown.listen();
    events.emit('unhandledRejection', new Error('forgotten'));
    expect(await exited.promise).toBe(1);
  });
});
