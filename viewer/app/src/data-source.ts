/**
 * The one data source of the viewer: our own DICOMweb on the same origin.
 *
 * Thumbnails are fetched (not `<img src>`) so that they carry the access token, and are rendered by the server
 * so that the study list needs no decoder.
 */
export function dicomwebDataSource(origin: string): Record<string, unknown> {
  const root = `${origin}/dicomweb`;
  return {
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
    sourceName: 'archwire',
    configuration: {
      friendlyName: 'Archwire',
      name: 'archwire',
      qidoRoot: root,
      wadoRoot: root,
      wadoUriRoot: root,
      stowRoot: root,
      qidoSupportsIncludeField: true,
      supportsReject: false,
      supportsFuzzyMatching: true,
      supportsWildcard: true,
      imageRendering: 'wadors',
      thumbnailRendering: 'thumbnail',
      thumbnailRequestStrategy: 'fetch',
      enableStudyLazyLoad: true,
      omitQuotationForMultipartRequest: false,
      bulkDataURI: { enabled: true },
    },
  };
}
