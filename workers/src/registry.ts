import type { Deriver, Settler } from '@archwire/archive';
import type { JobName } from '@archwire/contracts';
import { deriveInstances } from './derive-instances.ts';
import type { Processor } from './processor.ts';
import { settleSeries } from './settle-series.ts';

/** Exactly one processor per job name; a new name in contracts does not compile until it has one here. */
export type Registry = { readonly [N in JobName]: Processor<N> };

export const createRegistry = (useCases: {
  readonly deriver: Deriver;
  readonly settler: Pick<Settler, 'settleSeries'>;
}) =>
  ({
    'derive-instances': deriveInstances(useCases.deriver),
    'settle-series': settleSeries(useCases.settler),
  }) satisfies Registry;
