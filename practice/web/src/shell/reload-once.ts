const KEY = 'archwire-reloaded';
const AGAIN_AFTER_MS = 30_000;

/**
 * A part of the app that is asked for late may be gone: an upgrade removed it. A reload brings the new one; a second
 * failure within half a minute has another cause and is shown.
 */
export const reloadOnceWhenPartsAreGone = (): void => {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < AGAIN_AFTER_MS) return;
    event.preventDefault();
    sessionStorage.setItem(KEY, String(Date.now()));
    location.reload();
  });
};
