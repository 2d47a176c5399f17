import { AppError } from '@archwire/contracts';
import type { AppContext } from './state.ts';

/**
 * A cookie is only believed when the browser says that one of our own pages asks. Programs that are no browsers send
 * neither header and had to be given the cookie on purpose.
 * @throws AppError `forbidden`
 */
export const assertSameSite = (ctx: AppContext, publicOrigin: string | null): void => {
  const site = ctx.get('sec-fetch-site');
  const origin = ctx.get('origin');
  const known = publicOrigin ?? `${ctx.protocol}://${ctx.host}`;
  const siteIsOurs = site === '' || site === 'same-origin' || site === 'none';
  const originIsOurs = origin === '' || origin === known;
  if (!siteIsOurs || !originIsOurs) {
    throw new AppError(
      'forbidden',
      'This request came from another site. Use the pages of this server, or send a token.',
      {
        details: { reason: 'cross-site' },
      },
    );
  }
};
