export type { ImportService } from './import-service.ts';
export type { OpenImportFile } from './open-import-file.ts';
export { openImports, type Imports } from './open-imports.ts';
