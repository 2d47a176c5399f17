export { loadConfig, type Config, type Service } from './config.ts';
export { ConfigError } from './config-error.ts';
export { isRetryable } from './job-errors.ts';
export { createLogger, type Logger } from './logger.ts';
export {
  createMetrics,
  type CounterMetric,
  type GaugeMetric,
  type HistogramMetric,
  type Metrics,
} from './metrics.ts';
export {
  createQueues,
  type JobContext,
  type JobCounts,
  type JobPolicy,
  type JobProcessor,
  type FailedJob,
  type Queues,
} from './queues.ts';
export type { QueueConnection } from './queue-backend.ts';
export { readConfigOrExit } from './read-config-or-exit.ts';
export { createShutdown, type Shutdown, type Stop } from './shutdown.ts';
