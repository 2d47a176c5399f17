export { createWorkers } from './create-workers.ts';
export { createRegistry, type Registry } from './registry.ts';
export type { Processor } from './processor.ts';
