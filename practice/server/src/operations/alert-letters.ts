import { appendOutbox, type Database } from '@archwire/database';
import type { UserRow } from '../accounts/user-row.ts';

export interface AlertLetters {
  /** Makes the letters that are due in all groups, and announces them; they are sent by a job. */
  write(): Promise<void>;
}

interface AlertRow {
  readonly id: string;
  readonly cleared_at: Date | null;
  readonly mailed_at: Date | null;
  readonly end_mailed_at: Date | null;
}
interface LetterRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly user_id: string;
  readonly begun: readonly string[];
  readonly ended: readonly string[];
}

/** Alerts that come and go keep one another company in the next letter. */
const PAUSE_MINUTES = 10;
const KEPT_DAYS = 90;

/**
 * Tells the administrators of a group by e-mail what began to be the matter and what is over, all of it in one letter,
 * and at most one letter in ten minutes. What began and ended between two letters is not worth one.
 */
export const createAlertLetters = ({
  database,
  pauseMinutes = PAUSE_MINUTES,
}: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly pauseMinutes?: number;
}): AlertLetters => {
  const writeFor = async (tenantId: string): Promise<void> =>
    await database.withTenant(tenantId, async (trx) => {
      // Another process that evaluates at the same time finds nothing left.
      const begun = await trx<AlertRow>('alert')
        .whereNull('cleared_at')
        .whereNull('mailed_at')
        .update({ mailed_at: trx.fn.now() })
        .returning('id');
      const ended = await trx<AlertRow>('alert')
        .whereNotNull('cleared_at')
        .whereNotNull('mailed_at')
        .whereNull('end_mailed_at')
        .update({ end_mailed_at: trx.fn.now() })
        .returning('id');
      if (begun.length + ended.length === 0) return;
      const people = await trx<UserRow>('app_user')
        .where({ role: 'administrator' })
        .whereNull('deactivated_at')
        .orderBy('id')
        .select('id');
      for (const { id } of people) {
        const [letter] = await trx<LetterRow>('alert_letter')
          .insert({
            tenant_id: tenantId,
            user_id: id,
            begun: begun.map((alert) => alert.id),
            ended: ended.map((alert) => alert.id),
          })
          .returning('id');
        if (letter !== undefined) await appendOutbox(trx, 'mail.due', { letter: 'alerts', id: letter.id });
      }
      await trx.raw(`delete from alert_letter where made_at < now() - make_interval(days => ${KEPT_DAYS})`);
    });

  return {
    write: async () => {
      const { rows }: { rows: { tenant_id: string }[] } = await database.knex.raw(
        'select tenant_id from tenants_with_alert_news(make_interval(mins => ?))',
        [pauseMinutes],
      );
      for (const { tenant_id } of rows) await writeFor(tenant_id);
    },
  };
};
