import { AppError, isUidLenient, type Principal } from '@archwire/contracts';
import type { Context } from 'koa';
import { type AcceptRange, negotiate, parseAccept, type Representation } from './accept.ts';

/** Where the service stands under the origin; part of every BulkDataURI, so that these resolve on any host. */
export const DICOMWEB_PATH = '/dicomweb';

/** @throws AppError `unauthenticated` when no credentials were verified before. */
export const principalOf = (ctx: Context): Principal => {
  const principal: Principal | undefined = ctx.state['principal'];
  if (principal === undefined) throw new AppError('unauthenticated', 'Sign in, or send an API key.');
  return principal;
};

export const queryOf = (ctx: Context): URLSearchParams => new URLSearchParams(ctx.querystring);

/** Absolute URL of the service as the client sees it. */
export const serviceUrl = (ctx: Context): string => `${ctx.protocol}://${ctx.host}${DICOMWEB_PATH}`;

/** @throws AppError `invalid` when what stands in the path cannot be a UID. */
export const pathUid = (value: string | undefined, name: string): string => {
  if (value === undefined || !isUidLenient(value)) {
    throw new AppError('invalid', `${name} in the path is not a UID: at most 64 digits and dots.`, {
      details: { parameter: name },
    });
  }
  return value;
};

export const acceptOf = (ctx: Context): readonly AcceptRange[] =>
  parseAccept(ctx.get('Accept'), queryOf(ctx).getAll('accept'));

/** The best offer for the request. @throws AppError `not-acceptable` that names what there is. */
export const negotiated = <T>(
  ctx: Context,
  offers: readonly Representation<T>[],
  available: readonly string[],
): T => {
  const chosen = negotiate(acceptOf(ctx), offers);
  if (chosen === undefined) {
    throw new AppError(
      'not-acceptable',
      `This is available as: ${available.join(', ')}. Ask for one of these.`,
      {
        details: { available },
      },
    );
  }
  return chosen.value;
};

const JSON_OFFERS: readonly Representation<string>[] = [
  { essence: 'application/dicom+json', value: 'application/dicom+json' },
  { essence: 'application/json', value: 'application/json' },
];

/** Media type for a DICOM JSON answer. @throws AppError `not-acceptable`: the XML form is not offered. */
export const negotiatedJson = (ctx: Context): string =>
  negotiated(ctx, JSON_OFFERS, ['application/dicom+json']);

/** A Warning header with code 299 (RFC 7234 section 5.5), as PS3.18 asks for. */
export const warn = (ctx: Context, text: string): void => ctx.append('Warning', `299 archwire "${text}"`);
