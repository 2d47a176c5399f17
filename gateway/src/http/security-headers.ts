import type { AppMiddleware } from './state.ts';

/** For our own pages and for every answer that is no page at all. */
export const STRICT_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
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
