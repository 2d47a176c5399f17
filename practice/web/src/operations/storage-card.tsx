import { Card, Link, useFormat, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import styles from './operations-page.module.css';
import type { Overview } from './overview.ts';

const KINDS = ['original', 'derivative', 'metadata', 'conflict'] as const;
type Kind = (typeof KINDS)[number];
const isKind = (kind: string): kind is Kind => KINDS.some((known) => known === kind);

const Bar = ({ storage }: { readonly storage: Overview['storage'] }) => {
  const text = useText(messages);
  const format = useFormat();
  const known = storage.filter(({ kind, objects }) => isKind(kind) && objects > 0);
  const total = known.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <>
      <div className={styles.bar} aria-hidden>
        {known.map(({ kind, bytes }) => (
          <span
            key={kind}
            data-kind={kind}
            style={{ flexGrow: Math.max(bytes / Math.max(total, 1), 0.006) }}
          />
        ))}
      </div>
      <ul className={styles.legend}>
        {known.map(({ kind, bytes, objects }) => (
          <li key={kind}>
            <i data-kind={kind} aria-hidden />
            <span>{isKind(kind) ? text(`kind-${kind}`) : kind}</span>
            <small>{text('objects', { count: objects })}</small>
            <b>{format.bytes(bytes)}</b>
          </li>
        ))}
      </ul>
    </>
  );
};

const total = (storage: Overview['storage']): number => storage.reduce((sum, { bytes }) => sum + bytes, 0);

/** What lies in the stores, by kind; of all groups together for the one that runs the installation. */
export const StorageCard = ({ overview }: { readonly overview: Overview }) => {
  const text = useText(messages);
  const format = useFormat();
  const { storage, installation } = overview;
  return (
    <Card title={text('stored')} actions={<Link href="/operations/storage">{text('toSaving')}</Link>}>
      {total(storage) === 0 ? (
        <p className={styles.quiet}>{text('nothingStored')}</p>
      ) : (
        <>
          <p className={styles.big}>
            <b>{format.bytes(total(storage))}</b>
            <span>
              {text('images', { count: storage.find(({ kind }) => kind === 'original')?.objects ?? 0 })}
            </span>
          </p>
          <Bar storage={storage} />
        </>
      )}
      {installation !== null && installation.groups > 1 && (
        <div className={styles.all}>
          <p>
            <span>{text('allGroups', { count: installation.groups })}</span>
            <b>{format.bytes(total(installation.storage))}</b>
          </p>
          <Bar storage={installation.storage} />
        </div>
      )}
    </Card>
  );
};
