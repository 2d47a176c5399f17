export { createWorkers } from './create-workers.ts';
export { enqueueJobsOf, type StoredEvent } from './jobs-of-event.ts';
export { createRegistry, type Registry } from './registry.ts';
export type { Processor } from './processor.ts';
