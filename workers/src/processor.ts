import type { JobName } from '@archwire/contracts';
import type { JobPolicy, JobProcessor } from '@archwire/runtime';

/** A processor with its retry policy beside it. */
export interface Processor<N extends JobName> {
  readonly process: JobProcessor<N>;
  readonly policy: JobPolicy;
}
