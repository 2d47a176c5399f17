import type { EndpointResponse } from '@archwire/contracts/api';
import type { recompressionApi } from '@archwire/contracts/api/recompression';

export type Report = EndpointResponse<typeof recompressionApi.report>;
export type Sum = Report['sums'][number];

/** All sums together. */
export const totalOf = (sums: readonly Sum[]): Pick<Sum, 'instances' | 'receivedBytes' | 'storedBytes'> => ({
  instances: sums.reduce((all, { instances }) => all + instances, 0),
  receivedBytes: sums.reduce((all, { receivedBytes }) => all + receivedBytes, 0),
  storedBytes: sums.reduce((all, { storedBytes }) => all + storedBytes, 0),
});

export const smaller = (sums: readonly Sum[]): readonly Sum[] =>
  sums.filter(({ outcome }) => outcome === 'recompressed');

/** From 0 to 1. */
export const shareSaved = ({
  receivedBytes,
  storedBytes,
}: Pick<Sum, 'receivedBytes' | 'storedBytes'>): number =>
  receivedBytes === 0 ? 0 : 1 - storedBytes / receivedBytes;
