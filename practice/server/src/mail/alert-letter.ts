import type { JobPayload, Language } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { findUser } from '../accounts/user-row.ts';
import { alertText } from './alert-texts.ts';
import type { Mail } from './mailer.ts';
import { renderLetter } from './render-letter.ts';

interface LetterRow {
  readonly id: string;
  readonly user_id: string;
  readonly begun: readonly string[];
  readonly ended: readonly string[];
  readonly sent_at: Date | null;
}
interface AlertRow {
  readonly id: string;
  readonly kind: string;
  readonly details: Record<string, unknown>;
}

const HEADINGS: Readonly<Record<Language, { readonly begun: string; readonly ended: string }>> = {
  en: { begun: 'What is the matter:', ended: 'What is over:' },
  fr: { begun: 'Ce qui ne va pas :', ended: 'Ce qui est réglé :' },
  es: { begun: 'Lo que ocurre:', ended: 'Lo que ya pasó:' },
};

/** A letter about alerts, ready to be sent; `undefined` when it was sent already or its reader has left. */
export const readAlertLetter = async (
  database: Pick<Database, 'withTenant'>,
  { tenantId, id }: JobPayload<'send-mail'>,
  publicUrl: URL,
): Promise<Mail | undefined> =>
  await database.withTenant(tenantId, async (trx) => {
    const letter = await trx<LetterRow>('alert_letter').where({ id }).first();
    if (letter === undefined || letter.sent_at !== null) return undefined;
    const user = await findUser(trx, letter.user_id);
    if (user === undefined || user.deactivated_at !== null) return undefined;
    const alerts = await trx<AlertRow>('alert')
      .whereIn('id', [...letter.begun, ...letter.ended])
      .orderBy('id')
      .select('id', 'kind', 'details');
    const group = await trx<{ id: string; name: string }>('tenant').where({ id: tenantId }).first('name');
    const language = user.language ?? 'en';
    const linesOf = (heading: string, ids: readonly string[]): readonly string[] => {
      const lines = alerts
        .filter((alert) => ids.includes(alert.id))
        .map((alert) => alertText(alert, language));
      return lines.length === 0 ? [] : [heading, ...lines.map((line) => `– ${line}`)];
    };
    return renderLetter({
      name: letter.begun.length > 0 ? 'alerts-began' : 'alerts-ended',
      language,
      to: user.email,
      words: { name: user.display_name, group: group?.name ?? '', until: '' },
      lines: [
        ...linesOf(HEADINGS[language].begun, letter.begun),
        ...linesOf(HEADINGS[language].ended, letter.ended),
      ],
      address: new URL('/operations', publicUrl).href,
    });
  });
