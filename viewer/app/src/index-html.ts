import { VIEWER_BASE } from './paths.ts';

/**
 * The viewer's only page. It has no inline script and no inline style, so `script-src 'self'` is enough for it.
 *
 * @param assets address of the bundles' folder
 * @param appBundle file name of OHIF's entry bundle
 */
export function indexHtml(assets: string, appBundle: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="theme-color" content="#000000">
<title>Archwire viewer</title>
<base href="${VIEWER_BASE}">
<link rel="icon" type="image/svg+xml" href="${assets}archwire.svg">
<link rel="stylesheet" href="${assets}app.bundle.css">
<script src="${assets}app-config.js"></script>
<script defer src="${assets}${appBundle}"></script>
</head>
<body>
<noscript>The viewer needs JavaScript.</noscript>
<div id="react-portal"></div>
<div id="root"></div>
</body>
</html>
`;
}
