// The study list keeps what was typed into its filters, names of patients among it, in the address.
const KEPT = ['StudyInstanceUIDs', 'SeriesInstanceUIDs', 'hangingProtocolId', 'lng'];

/**
 * Address of the sign-in page, which comes back to the same study afterwards. The way back is a path on this origin
 * with UIDs only: it passes through the server's logs.
 */
export function signInAddress(here: { pathname: string; search: string }): string {
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(here.search)) {
    if (KEPT.includes(name)) query.append(name, value);
  }
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  return `/sign-in?return=${encodeURIComponent(here.pathname + search)}`;
}
