export { createBuildExport, exportBytes, type BuildExport } from './build-export.ts';
export { createCleanRegionService, type CleanRegionService } from './clean-region-service.ts';
export { createExportService, type ExportFile, type ExportService } from './export-service.ts';
export { createExportSweeper } from './sweep-exports.ts';
