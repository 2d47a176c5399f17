import type { Logo } from './back-to-patient/patient-logo.ts';
import type { CornerstoneParts } from './mark-failed-images.ts';

/** The parts of OHIF 3.13 that we touch. Structural, because no @ohif package publishes types for its build. */
export interface OhifServices {
  userAuthenticationService: {
    setServiceImplementation(implementation: {
      getAuthorizationHeader?: () => Record<string, string>;
      handleUnauthenticated?: () => void;
    }): void;
  };
  uiNotificationService: {
    show(notification: {
      title: string;
      message: string;
      type: 'error' | 'warning' | 'info' | 'success';
      duration: number;
    }): unknown;
  };
}

/** What the cornerstone extension lends to others. */
export interface CornerstoneUtilities {
  exports: { getCornerstoneLibraries(): { cornerstone: CornerstoneParts } };
}

/** What an extension hook receives. `appConfig` is live: OHIF reads it again at every use. */
export interface ExtensionContext {
  servicesManager: { services: OhifServices };
  extensionManager: {
    getModuleEntry(name: '@ohif/extension-cornerstone.utilityModule.common'): CornerstoneUtilities;
  };
  appConfig: {
    httpErrorHandler?: (error: unknown) => void;
    whiteLabeling?: { createLogoComponentFn?: Logo };
  };
}

/** The attributes an overlay item may look at, as OHIF naturalizes DICOM JSON (single values are not arrays). */
export interface OverlayInstance {
  Modality?: string;
  PixelSpacing?: unknown;
  ImagerPixelSpacing?: unknown;
  PixelSpacingCalibrationType?: string;
}

export interface OverlayItem {
  id: string;
  inheritsFrom: 'ohif.overlayItem';
  label: string;
  title: string;
  condition(context: { referenceInstance?: OverlayInstance | null }): boolean;
  contentF(context: { referenceInstance?: OverlayInstance | null }): string;
}
