import { AppError } from '@archwire/contracts';
import type { Context } from 'koa';
import { queryOf } from '../http/request.ts';

/**
 * Whose identity the parameter `identity` of a request asks for: as the object was `received`, or as the practice knows it.
 * @throws AppError `invalid` for another word.
 */
export const askedIdentity = (ctx: Context, usual: 'received' | 'known'): 'received' | 'known' => {
  const asked = queryOf(ctx).get('identity') ?? usual;
  if (asked !== 'received' && asked !== 'known')
    throw new AppError('invalid', 'identity is "received" or "known".', {
      details: { parameter: 'identity' },
    });
  return asked;
};
