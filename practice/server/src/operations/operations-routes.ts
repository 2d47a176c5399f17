import { operationsApi } from '@archwire/contracts/api/operations';
import { fullRoute, type Route } from '../api/route.ts';
import type { AlertService } from './alert-service.ts';
import type { FailedJobService } from './failed-job-service.ts';
import type { OperationsService } from './operations-service.ts';

export const operationsRoutes = ({
  operations,
  failedJobs,
  alerts,
}: {
  readonly operations: OperationsService;
  readonly failedJobs: FailedJobService;
  readonly alerts: AlertService;
}): readonly Route[] => [
  fullRoute(operationsApi.overview, async ({ principal }) => ({
    body: await operations.overview(principal),
  })),
  fullRoute(operationsApi.throughput, async ({ principal, query }) => ({
    body: await operations.throughput(principal, query.hours),
  })),
  fullRoute(operationsApi.associations, async ({ principal, query }) => ({
    body: await operations.associations(principal, query.before),
  })),
  fullRoute(operationsApi.failedJobs, async ({ principal }) => ({ body: await failedJobs.list(principal) })),
  fullRoute(operationsApi.retryJob, async ({ principal, params }) => {
    await failedJobs.retry(principal, params.queue, params.id);
    return {};
  }),
  fullRoute(operationsApi.retryJobs, async ({ principal }) => ({
    body: { count: await failedJobs.retryAll(principal) },
  })),
  fullRoute(operationsApi.discardJob, async ({ principal, params }) => {
    await failedJobs.discard(principal, params.queue, params.id);
    return {};
  }),
  fullRoute(operationsApi.alerts, async ({ principal }) => ({ body: await alerts.list(principal) })),
  fullRoute(operationsApi.acknowledgeAlert, async ({ principal, params }) => {
    await alerts.acknowledge(principal, params.id);
    return {};
  }),
  fullRoute(operationsApi.setSilence, async ({ principal, params, body }) => {
    await alerts.setSilence(principal, params.id, body.hours);
    return {};
  }),
];
