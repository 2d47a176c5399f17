// The server and the clock are stand-ins; Response is the platform's own.
import { describe, expect, it } from 'vitest';
import { createSession } from './session.ts';

interface Planned {
  callback: () => void;
  milliseconds: number;
}

function rig(answers: (() => Promise<Response>)[]) {
  const timers: Planned[] = [];
  const seen = { renewals: 0, signIns: 0 };
  const session = createSession({
    renew: () => {
      seen.renewals += 1;
      const answer = answers.shift();
      return answer === undefined ? Promise.reject(new Error('no answer left')) : answer();
    },
    signIn: () => {
      seen.signIns += 1;
    },
    setTimer: (callback, milliseconds) => timers.push({ callback, milliseconds }),
    clearTimer: () => {},
  });
  return { session, timers, seen };
}

const token =
  (accessToken: string, expiresIn = 900) =>
  () =>
    Promise.resolve(Response.json({ accessToken, expiresIn }));
const status = (code: number) => () => Promise.resolve(new Response(null, { status: code }));
const offline = () => Promise.reject(new TypeError('Failed to fetch'));

describe('createSession', () => {
  it('holds the token and plans its renewal a minute before it expires', async () => {
    const { session, timers } = rig([token('one')]);
    await session.start();
    expect(session.authorization()).toEqual({ Authorization: 'Bearer one' });
    expect(timers.map(({ milliseconds }) => milliseconds)).toEqual([840_000]);
  });

  it('replaces the token when the planned renewal runs', async () => {
    const { session, timers } = rig([token('one'), token('two')]);
    await session.start();
    timers[0]?.callback();
    await session.refused();
    expect(session.authorization()).toEqual({ Authorization: 'Bearer two' });
  });

  it('works without a token when the server keeps the session in a cookie', async () => {
    const { session } = rig([status(204)]);
    await session.start();
    expect(session.authorization()).toEqual({});
  });

  it('leaves for sign-in when the server refuses, and never starts', async () => {
    const { session, seen } = rig([status(401)]);
    let started = false;
    void session.start().then(() => {
      started = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect({ ...seen, started }).toEqual({ renewals: 1, signIns: 1, started: false });
  });

  it('waits for a server that cannot be reached instead of throwing the user out', async () => {
    const { session, timers, seen } = rig([offline, status(502), token('one')]);
    const started = session.start();
    for (let i = 0; i < 2; i += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      timers.at(-1)?.callback();
    }
    await started;
    expect(seen).toEqual({ renewals: 3, signIns: 0 });
    expect(session.authorization()).toEqual({ Authorization: 'Bearer one' });
  });

  it('spends a refresh token once when many requests are refused together', async () => {
    const { session, seen } = rig([token('one'), token('two')]);
    await session.start();
    expect(await Promise.all([session.refused(), session.refused(), session.refused()])).toEqual([
      true,
      true,
      true,
    ]);
    expect(seen).toEqual({ renewals: 2, signIns: 0 });
  });

  it('drops the token and leaves when a refused request cannot be renewed', async () => {
    const { session, seen } = rig([token('one'), status(401)]);
    await session.start();
    expect(await session.refused()).toBe(false);
    expect(session.authorization()).toEqual({});
    expect(seen).toEqual({ renewals: 2, signIns: 1 });
  });
});
