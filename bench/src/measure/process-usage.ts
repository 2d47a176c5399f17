import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

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

const statusMegabytes = (pid: number, line: RegExp): number =>
  Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** Highest resident memory of the process itself since it started or since `forgetPeak`, in MB. */
export const peakResidentMegabytes = (pid: number): number => statusMegabytes(pid, /VmHWM:\s+(\d+) kB/);

/** Resident memory of the process itself, in MB. */
export const residentMegabytes = (pid: number): number => statusMegabytes(pid, /VmRSS:\s+(\d+) kB/);

/** Lets the peak begin anew from what is resident now (proc(5), clear_refs). */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5');
