import type { AppMiddleware } from './state.ts';

/**
 * React Aria puts two rules into the head, `touch-action` on what can be pressed and, on iOS, `overscroll-behavior`
 * while a dialog is open. Their texts are known, so that no other inline style need be allowed.
 */
const REACT_ARIA_STYLES = [
  "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
  "'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='",
].join(' ');

/** For our own pages and for every answer that is no page at all. */
export const STRICT_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${REACT_ARIA_STYLES}`,
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ');

/** Headers of every answer; the viewer replaces the policy by its own. HSTS only where TLS is known to stand before us. */
export const securityHeaders = ({ tls }: { readonly tls: boolean }): AppMiddleware => {
  return async (ctx, next) => {
    ctx.set({
      'Content-Security-Policy': STRICT_CSP,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'SAMEORIGIN',
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...(tls ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
    });
    await next();
  };
};
