/** Where the gateway serves the viewer; OHIF's router, chunks and our modules all live under it. */
export const VIEWER_BASE = '/viewer/';

/** Module specifiers that OHIF gives to `import()`; an extension's id must equal its specifier. */
export const EXTENSION_ORTHO = '@archwire/extension-ortho';
export const MODE_ORTHO = '@archwire/mode-ortho';
