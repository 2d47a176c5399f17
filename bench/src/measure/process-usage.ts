import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Every process that descends from `pid`, itself included. */
const family = (pid: number): number[] => {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // The process ended while it was looked at.
    }
  }
  const all: number[] = [];
  const walk = (id: number): void => {
    all.push(id);
    for (const child of children.get(id) ?? []) walk(child);
  };
  walk(pid);
  return all;
};

/** CPU seconds used so far by a process and all that it started (its database too), ended children included. */
export const cpuSeconds = (pid: number): number =>
  family(pid).reduce((total, id) => {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return total + fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
    } catch {
      return total;
    }
  }, 0);

/** Highest resident memory of the process itself since it started, in MB. */
export const peakResidentMegabytes = (pid: number): number => {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
};
