import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createReceiveFirst } from './receive-first.ts';

it('does not wait when nothing was received', async () => {
  const order: string[] = [];
  const waiting = createReceiveFirst({ calmMs: 60_000 })
    .calm()
    .then(() => order.push('calm'));
  await Promise.all([waiting, sleep(50).then(() => order.push('later'))]);
  expect(order).toEqual(['calm', 'later']);
});

it('waits until receiving pauses', async () => {
  const receiveFirst = createReceiveFirst({ calmMs: 100, patienceMs: 60_000 });
  const order: string[] = [];
  receiveFirst.received();
  const waiting = receiveFirst.calm().then(() => order.push('calm'));
  for (let i = 0; i < 5; i += 1) {
    await sleep(20);
    receiveFirst.received();
    order.push('received');
  }
  await waiting;
  expect(order).toEqual([...Array<string>(5).fill('received'), 'calm']);
});

it('loses patience with a stream that never pauses', async () => {
  const receiveFirst = createReceiveFirst({ calmMs: 60_000, patienceMs: 30 });
  receiveFirst.received();
  await receiveFirst.calm();
});
