import type { createRuleRunner } from '@archwire/archive';
import type { Processor } from './processor.ts';

/** One at a time: it reads what people look at, and nobody waits for its end. Each attempt goes on where the last one was. */
export const applyViewRules = (
  runner: ReturnType<typeof createRuleRunner>,
): Processor<'apply-view-rules'> => ({
  process: async (payload) => await runner.apply(payload),
  policy: { concurrency: 1, attempts: 10, backoffMs: 5000 },
});
