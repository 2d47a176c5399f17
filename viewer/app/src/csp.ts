/** What the server must put into the Content-Security-Policy headers of the viewer; written to `dist/csp.json`. */
export interface ViewerCsp {
  /** sha256 sources for inline scripts of the page: none, by design. */
  scriptHashes: string[];
  /** Header value for every file of the viewer but the workers. */
  page: string;
  /** Header value for the scripts in `workers`: their WebAssembly decoders make code at run time (embind). */
  worker: string;
  /** Addresses of the worker scripts. */
  workers: string[];
}

/** @param workers addresses of the worker scripts */
export function viewerCsp(workers: string[]): ViewerCsp {
  return {
    scriptHashes: [],
    page: [
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' blob: data:",
      "media-src 'self' blob:",
      "font-src 'self' data:",
      "connect-src 'self' blob:",
      "worker-src 'self' blob:",
      "frame-src 'self' blob:",
      "object-src 'self' blob:",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'self'",
    ].join('; '),
    worker: "default-src 'self'; script-src 'self' 'unsafe-eval'",
    workers,
  };
}
