import { patientLogo } from './back-to-patient/patient-logo.ts';
import { calibrationOverlay } from './calibration-overlay.ts';
import { createErrorHandler } from './error-handler.ts';
import type { ExtensionContext } from './ohif.ts';
import { markFailedImages } from './mark-failed-images.ts';
import { createSession } from './session.ts';
import { signInAddress } from './sign-in-address.ts';
import { textsFor, type Texts } from './texts.ts';

export const EXTENSION_ID = '@archwire/extension-ortho';

// All pages of this origin share one rotating refresh token; the lock keeps two tabs from spending it twice.
// Browsers have it on HTTPS and on this machine itself only. Keepalive: a page that is left in the middle of a renewal
// must still receive its next cookie.
function renew(): Promise<Response> {
  const ask = () =>
    fetch('/api/v1/auth/refresh', { method: 'POST', credentials: 'same-origin', keepalive: true });
  return 'locks' in navigator ? navigator.locks.request('archwire-refresh', ask) : ask();
}

// OHIF keeps the language that was chosen in its preferences here.
const languageTag = (): string => localStorage.getItem('i18nextLng') ?? navigator.language;
const texts = (): Texts => textsFor(languageTag());
const language = (): 'en' | 'fr' | 'es' =>
  (['fr', 'es'] as const).find((spoken) => languageTag().toLowerCase().startsWith(spoken)) ?? 'en';

const RELOAD_KEY = 'archwire-viewer-reloaded';
const RELOAD_PAUSE_MS = 60_000;

// A server that renews sessions and still refuses requests must not make the page reload for ever.
function reloadOnce(): void {
  const last = Number(sessionStorage.getItem(RELOAD_KEY) ?? 0);
  if (Date.now() - last < RELOAD_PAUSE_MS) return;
  sessionStorage.setItem(RELOAD_KEY, String(Date.now()));
  window.location.reload();
}

export default {
  id: EXTENSION_ID,

  /** OHIF awaits this before any data source is used: nothing is asked for without a session. */
  async preRegistration({ servicesManager, extensionManager, appConfig }: ExtensionContext): Promise<void> {
    const { userAuthenticationService, uiNotificationService } = servicesManager.services;
    const session = createSession({
      renew,
      signIn: () => window.location.assign(signInAddress(window.location)),
      setTimer: (callback, milliseconds) => window.setTimeout(callback, milliseconds),
      clearTimer: (timer) => {
        if (typeof timer === 'number') window.clearTimeout(timer);
      },
    });
    userAuthenticationService.setServiceImplementation({
      getAuthorizationHeader: () => session.authorization(),
      handleUnauthenticated: () => void session.refused(),
    });
    appConfig.httpErrorHandler = createErrorHandler({
      texts: texts(),
      notify: (notification) => uiNotificationService.show(notification),
      session,
      reload: reloadOnce,
      now: () => Date.now(),
    });
    // Cornerstone's own extension is registered before ours, so its libraries are there; OHIF has only one of them.
    const utilities = extensionManager.getModuleEntry('@ohif/extension-cornerstone.utilityModule.common');
    markFailedImages(utilities.exports.getCornerstoneLibraries().cornerstone, texts());
    await session.start();
    const { whiteLabeling } = appConfig;
    const logo = whiteLabeling?.createLogoComponentFn;
    if (whiteLabeling !== undefined && logo !== undefined)
      whiteLabeling.createLogoComponentFn = patientLogo(logo, {
        session,
        texts: texts(),
        language: language(),
      });
    document.documentElement.dataset['archwireExtension'] = EXTENSION_ID;
  },

  getCustomizationModule: () => [
    { name: 'ortho', value: { 'viewportOverlay.topRight': { $push: [calibrationOverlay(texts())] } } },
  ],
};
