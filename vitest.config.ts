import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'viewer/dist/**', 'practice/web/dist/**', 'data/**'],
    env: { TZ: process.env.TZ ?? 'UTC' },
    globalSetup: ['packages/database/src/testing/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
