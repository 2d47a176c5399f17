import type { Principal } from '@archwire/contracts';

/** One line of the audit trail about images and patients that were looked at, fetched, searched or sent. */
export interface ReadAuditEntry {
  readonly action:
    | 'imaging.study.viewed'
    | 'imaging.study.retrieved'
    | 'imaging.study.queried'
    | 'imaging.study.stored'
    | 'imaging.patient.viewed'
    | 'imaging.patient.queried';
  readonly studyUid: string | null;
  readonly patientId?: string;
  /** AE title of a third to whom it was sent on the principal's word (C-MOVE). */
  readonly destination?: string;
}

export interface ReadAudit {
  /** Notes what the principal does with a study. Returns at once; the row is written behind. */
  note(principal: Principal, entry: ReadAuditEntry): void;
  /** Resolves when everything noted so far is written or its loss reported. */
  flush(): Promise<void>;
}

const WINDOW_MS = 5 * 60_000;
const MAX_REMEMBERED = 20_000;

/**
 * Writes one audit row per principal, study and action for every five minutes, however many requests a viewer
 * makes. A row that cannot be written is handed to `lost`, and the next request tries again.
 */
export const createReadAudit = ({
  append,
  lost,
  now = Date.now,
}: {
  readonly append: (principal: Principal, entry: ReadAuditEntry) => Promise<void>;
  readonly lost: (error: unknown, entry: ReadAuditEntry) => void;
  readonly now?: () => number;
}): ReadAudit => {
  const until = new Map<string, number>();
  const writing = new Set<Promise<void>>();
  return {
    note: (principal, entry) => {
      const key = [
        principal.tenantId,
        principal.kind,
        principal.id,
        entry.action,
        entry.studyUid,
        entry.patientId,
        entry.destination,
      ].join('|');
      const at = now();
      if ((until.get(key) ?? 0) > at) return;
      until.delete(key);
      until.set(key, at + WINDOW_MS);
      const [oldest] = until.keys();
      if (until.size > MAX_REMEMBERED && oldest !== undefined) until.delete(oldest);
      const written = append(principal, entry)
        .catch((error: unknown) => {
          until.delete(key);
          lost(error, entry);
        })
        .finally(() => writing.delete(written));
      writing.add(written);
    },
    flush: async () => {
      await Promise.all(writing);
    },
  };
};
