import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Asks a process that we started to end, and kills it when it has not after 20 seconds. */
export const endProcess = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(timer);
};
