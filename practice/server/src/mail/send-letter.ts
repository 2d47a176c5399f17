import type { JobPayload, Language } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { linkToken, type LinkRow } from '../accounts/account-links.ts';
import type { SecretBox } from '../accounts/secret-box.ts';
import { findUser, type UserRow } from '../accounts/user-row.ts';
import { readAlertLetter } from './alert-letter.ts';
import type { Mailer } from './mailer.ts';
import { renderLetter } from './render-letter.ts';

export interface LetterSender {
  /**
   * Sends one letter. What has become pointless meanwhile (a link that was used or has expired, a person who left) is
   * not sent. @throws AppError `unavailable` when the SMTP server did not take it.
   */
  send(job: JobPayload<'send-mail'>): Promise<void>;
}

const until = (at: Date, language: Language, timeZone: string): string =>
  new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  }).format(at);

export const createLetterSender = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly box: SecretBox;
  readonly mailer: Mailer;
  /** Where browsers reach the server; never taken from a request, which could name any host. */
  readonly publicUrl: URL;
  readonly clock?: () => Date;
}): LetterSender => {
  const { database, box, mailer, publicUrl, clock = () => new Date() } = deps;

  const read = async ({ tenantId, letter, id }: JobPayload<'send-mail'>) =>
    await database.withTenant(tenantId, async (trx) => {
      const link = letter === 'link' ? await trx<LinkRow>('account_link').where({ id }).first() : undefined;
      const userId = letter === 'link' ? link?.user_id : id;
      const user: UserRow | undefined = userId === undefined ? undefined : await findUser(trx, userId);
      const place = await trx<{ id: string; name: string }>('tenant').where({ id: tenantId }).first('name');
      const zone = await trx<{ is_default: boolean; timezone: string }>('location')
        .where({ is_default: true })
        .first('timezone');
      return { link, user, group: place?.name ?? '', zone: zone?.timezone ?? 'UTC' };
    });

  return {
    send: async (job) => {
      if (job.letter === 'alerts') {
        const mail = await readAlertLetter(database, job, publicUrl);
        if (mail === undefined) return;
        await mailer.send(mail);
        await database.withTenant(job.tenantId, (trx) =>
          trx('alert_letter').where({ id: job.id }).update({ sent_at: clock() }),
        );
        return;
      }
      const { link, user, group, zone } = await read(job);
      if (user === undefined || user.deactivated_at !== null) return;
      if (
        job.letter === 'link' &&
        (link === undefined || link.used_at !== null || link.expires_at <= clock())
      )
        return;
      const language = user.language ?? link?.language ?? 'en';
      const address =
        link === undefined
          ? new URL('/sign-in', publicUrl)
          : new URL(`/sign-in/link#${linkToken(box, job.tenantId, link.id)}`, publicUrl);
      await mailer.send(
        renderLetter({
          name: link?.purpose ?? 'token-reused',
          language,
          to: user.email,
          words: {
            name: user.display_name,
            group,
            until: link === undefined ? '' : until(link.expires_at, language, zone),
          },
          address: address.href,
        }),
      );
      if (link !== undefined)
        await database.withTenant(job.tenantId, (trx) =>
          trx('account_link').where({ id: link.id }).update({ sent_at: clock() }),
        );
    },
  };
};
