import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Archwire, Peer } from '@archwire/test-data/processes';
import { cpuSeconds } from '../measure/process-usage.ts';
import { median } from '../measure/table.ts';
import { idle, settled } from './quiet.ts';
import { writeLargeObject, writeSlices } from './objects.ts';
import { send } from './send.ts';

export interface Load {
  readonly name: string;
  readonly senders: number;
  readonly megabytes: number;
  /** Files of one run, one group for each sender. Names differ from run to run, so that nothing is a duplicate. */
  make(folder: string, run: string): Promise<string[][]>;
}

const split = (files: readonly string[], parts: number): string[][] =>
  Array.from({ length: parts }, (_, part) => files.filter((_file, i) => i % parts === part));

const slices = (name: string, count: number, side: number, senders: number): Load => ({
  name,
  senders,
  megabytes: (count * side * side * 2) / 1e6,
  make: async (folder, run) =>
    split(await writeSlices(folder, `${run}-${side}-${senders}`, count, side), senders),
});

const large = (senders: number): Load => ({
  name: 'one 300 MB object each',
  senders,
  megabytes: 300 * senders,
  make: (folder, run) =>
    Promise.all(
      Array.from({ length: senders }, async (_, i) => [
        await writeLargeObject(folder, `${run}-large-${senders}-${i}`, 300),
      ]),
    ),
});

export const LOADS: readonly Load[] = [
  slices('400 × 0.5 MB', 400, 512, 1),
  slices('400 × 0.5 MB', 400, 512, 4),
  slices('2,000 × 50 KB', 2000, 160, 1),
  slices('2,000 × 50 KB', 2000, 160, 4),
  large(1),
  large(4),
];

export interface Throughput {
  readonly load: string;
  readonly senders: number;
  readonly peer: string;
  readonly megabytesPerSecond: number;
  readonly cpuSecondsPerGigabyte: number;
}

/**
 * Every load to every peer, in alternating order, `rounds` times; medians. Archwire's CPU is counted until everything is
 * indexed and settled; pictures that it makes in that time are in the figure too.
 */
export const measureThroughput = async (
  folder: string,
  peers: readonly Peer[],
  archwire: Archwire,
  rounds: number,
  report: (line: string) => void,
): Promise<Throughput[]> => {
  const results: Throughput[] = [];
  for (const load of LOADS) {
    const seconds = new Map<string, number[]>();
    const cpu = new Map<string, number[]>();
    for (let round = 0; round < rounds; round += 1) {
      const input = join(folder, 'input');
      const groups = await load.make(input, `r${round}`);
      for (const peer of round % 2 === 0 ? peers : peers.toReversed()) {
        const before = cpuSeconds(peer.pid);
        const took = await send(peer, groups);
        if (peer === archwire) await settled(archwire);
        const used = cpuSeconds(peer.pid) - before;
        if (peer === archwire) await idle(archwire);
        seconds.set(peer.name, [...(seconds.get(peer.name) ?? []), took]);
        cpu.set(peer.name, [...(cpu.get(peer.name) ?? []), used]);
      }
      await rm(input, { recursive: true, force: true });
    }
    for (const peer of peers) {
      const result = {
        load: load.name,
        senders: load.senders,
        peer: peer.name,
        megabytesPerSecond: load.megabytes / median(seconds.get(peer.name) ?? []),
        cpuSecondsPerGigabyte: median(cpu.get(peer.name) ?? []) / (load.megabytes / 1000),
      };
      report(
        `${result.load}, ${result.senders} sender(s), ${peer.name}: ${result.megabytesPerSecond.toFixed(0)} MB/s`,
      );
      results.push(result);
    }
  }
  return results;
};
