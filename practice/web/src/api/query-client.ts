import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api-problem.ts';

const RETRIES = 2;
const WORTH_ANOTHER_TRY = ['offline', 'unavailable'];

/** Answers are fresh for a few seconds; only what may pass by itself is tried again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (failures, error) =>
        failures < RETRIES && error instanceof ApiProblem && WORTH_ANOTHER_TRY.includes(error.kind),
    },
    mutations: { retry: false },
  },
});
