export * from './pixel/index.ts';
