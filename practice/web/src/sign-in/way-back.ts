/**
 * Where to go after signing in: a path of this very server, never another site, never this page again. Paths of the
 * viewer are served by the server and need a real navigation.
 */
export const wayBack = (
  search: string,
  origin: string,
): { readonly to: string; readonly outside: boolean } => {
  const wanted = new URLSearchParams(search).get('return');
  const url =
    wanted === null || !wanted.startsWith('/') || !URL.canParse(wanted, origin)
      ? null
      : new URL(wanted, origin);
  if (url === null || url.origin !== origin || url.pathname.startsWith('/sign-in'))
    return { to: '/', outside: false };
  return {
    to: url.pathname + url.search + url.hash,
    outside: url.pathname === '/viewer' || url.pathname.startsWith('/viewer/'),
  };
};
