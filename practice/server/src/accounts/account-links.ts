import { AppError, type Language } from '@archwire/contracts';
import { appendOutbox, type Database } from '@archwire/database';
import type { Knex } from 'knex';
import { timingSafeEqual } from 'node:crypto';
import type { SecretBox } from './secret-box.ts';
import { formatRowToken, hashSecret, parseRowToken } from './secret-token.ts';

export type LinkPurpose = 'invitation' | 'password-reset';

export interface LinkRow {
  readonly id: string;
  readonly user_id: string;
  readonly purpose: LinkPurpose;
  readonly token_hash: Buffer;
  readonly language: Language;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly sent_at: Date | null;
  readonly used_at: Date | null;
}

/** Derived, not random: a letter that is sent again after a failure holds the same link, and the secret itself is kept nowhere. */
const secretOf = (box: SecretBox, linkId: string): string =>
  box.mac('account-link', linkId).toString('base64url');

/** What stands behind the `#` of a link by e-mail. */
export const linkToken = (box: SecretBox, tenantId: string, linkId: string): string =>
  formatRowToken(tenantId, linkId, secretOf(box, linkId));

/** Makes a link and has it sent, once the caller's transaction commits. */
export const createLink = async (
  trx: Knex.Transaction,
  box: SecretBox,
  link: {
    readonly tenantId: string;
    readonly userId: string;
    readonly purpose: LinkPurpose;
    readonly language: Language;
    readonly now: Date;
    readonly seconds: number;
  },
): Promise<void> => {
  const id = crypto.randomUUID();
  await trx('account_link').insert({
    tenant_id: link.tenantId,
    id,
    user_id: link.userId,
    purpose: link.purpose,
    token_hash: hashSecret(secretOf(box, id)),
    language: link.language,
    created_at: link.now,
    expires_at: new Date(link.now.getTime() + link.seconds * 1000),
  });
  await appendOutbox(trx, 'mail.due', { letter: 'link', id });
};

const refused = (reason: 'link-invalid' | 'link-used' | 'link-expired', message: string) =>
  new AppError('invalid', message, { details: { reason } });

/**
 * The link that this token opens. `lock` for the one use that it is good for.
 * @throws AppError `invalid` with `details.reason` `link-invalid`, `link-used` or `link-expired`.
 */
export const findLink = async (
  trx: Knex.Transaction,
  token: { readonly rowId: string; readonly secret: string },
  now: Date,
  options: { readonly lock?: boolean } = {},
): Promise<LinkRow> => {
  const query = trx<LinkRow>('account_link').where({ id: token.rowId }).first();
  const link = await (options.lock === true ? query.forUpdate() : query);
  if (link === undefined || !timingSafeEqual(link.token_hash, hashSecret(token.secret)))
    throw refused('link-invalid', 'This link is not valid. Copy the whole address from the e-mail.');
  if (link.used_at !== null)
    throw refused('link-used', 'This link was used already. Sign in, or ask for a new one.');
  if (link.expires_at <= now) throw refused('link-expired', 'This link has expired. Ask for a new one.');
  return link;
};

/** Runs inside the tenant that the token names. @throws AppError `invalid` `link-invalid` when it is no token at all. */
export const withLinkToken = async <T>(
  database: Pick<Database, 'withTenant'>,
  token: string,
  work: (
    trx: Knex.Transaction,
    parsed: { readonly tenantId: string; readonly rowId: string; readonly secret: string },
  ) => Promise<T>,
): Promise<T> => {
  const parsed = parseRowToken(token);
  if (parsed === undefined)
    throw refused('link-invalid', 'This link is not valid. Copy the whole address from the e-mail.');
  return await database.withTenant(parsed.tenantId, (trx) => work(trx, parsed));
};
