// Runs as a classic script before OHIF's bundle: the page itself holds no inline script, so a strict
// Content-Security-Policy needs neither a hash nor a nonce for it.
import { dicomwebDataSource } from './data-source.ts';
import { logoElement } from './logo.ts';
import { EXTENSION_ORTHO, MODE_ORTHO, VIEWER_BASE } from './paths.ts';

/** Filled in by the assembly: module specifier to the address of our bundle. */
declare const ARCHWIRE_MODULES: Record<string, string>;

const settings = {
  PUBLIC_URL: VIEWER_BASE,
  // OHIF imports what it does not know by name through this hook; a table here does what an (inline) import map would.
  browserImportFunction: (specifier: string): Promise<unknown> =>
    import(ARCHWIRE_MODULES[specifier] ?? specifier),
  config: {
    name: 'archwire',
    routerBasename: VIEWER_BASE,
    extensions: [EXTENSION_ORTHO],
    modes: [MODE_ORTHO, '@ohif/mode-longitudinal'],
    customizationService: {},
    showStudyList: true,
    groupEnabledModesFirst: true,
    maxNumberOfWebWorkers: 3,
    showLoadingIndicator: true,
    showCPUFallbackMessage: true,
    showWarningMessageForCrossOrigin: false,
    strictZSpacingForVolumeViewport: true,
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    // Stack traces are for developers; a clinician gets the message.
    showErrorDetails: 'dev',
    investigationalUseDialog: { option: 'never' },
    whiteLabeling: { createLogoComponentFn: logoElement },
    defaultDataSourceName: 'archwire',
    dataSources: [dicomwebDataSource(window.location.origin)],
    // httpErrorHandler is set by the extension when it registers: it needs OHIF's notification service.
  },
};

Object.assign(window, settings);
