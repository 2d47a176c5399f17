import { Button, DefinitionList, Dialog, personName, useFormat, useText } from '@archwire/ui';
import { describeUserAgent } from '../settings/describe-user-agent.ts';
import type { AuditEntry } from './audit-page.tsx';
import styles from './audit.module.css';
import { messages } from './messages.ts';
import { useActionWords } from './use-action-words.ts';

/** Everything that one entry says. */
export const EntryDetails = ({
  entry,
  name,
  onClose,
  onNarrow,
}: {
  readonly entry: AuditEntry;
  readonly name: string;
  readonly onClose: () => void;
  /** Shows only what has the same person, patient or study. */
  readonly onNarrow: (values: Readonly<Record<string, string>>) => void;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const words = useActionWords();
  const { browser, system } = describeUserAgent(entry.userAgent);
  const facts = [
    { label: text('time'), value: `${format.dateTime(entry.at)} (${entry.at})` },
    { label: text('who'), value: name },
    { label: text('about'), value: entry.entityName ?? entry.entity },
    {
      label: text('patient'),
      value: entry.patientName === null ? null : personName(entry.patientName),
    },
    { label: text('study'), value: entry.studyUid },
    { label: text('reason'), value: entry.reason },
    { label: text('address'), value: entry.address },
    {
      label: text('agent'),
      value: [browser, system].filter((part) => part !== null).join(', ') || entry.userAgent,
    },
    { label: text('request'), value: entry.requestId },
    { label: text('action'), value: entry.action },
    { label: text('number'), value: String(entry.seq) },
  ].filter(({ value }) => value !== null && value !== '');
  return (
    <Dialog
      isOpen
      kind="drawer"
      onClose={onClose}
      title={`${name} ${words(entry)}`}
      footer={<Button onPress={onClose}>{text('close')}</Button>}
    >
      <div className={styles.details}>
        <DefinitionList items={facts} />
        {entry.before !== null && (
          <section>
            <h3>{text('before')}</h3>
            <pre>{JSON.stringify(entry.before, null, 2)}</pre>
          </section>
        )}
        {entry.after !== null && (
          <section>
            <h3>{text('after')}</h3>
            <pre>{JSON.stringify(entry.after, null, 2)}</pre>
          </section>
        )}
        <div className={styles.row}>
          {entry.actorKind === 'user' && entry.actorId !== null && (
            <Button onPress={() => onNarrow({ person: entry.actorId ?? '' })}>{text('onlyPerson')}</Button>
          )}
          {entry.patientId !== null && (
            <Button onPress={() => onNarrow({ patient: entry.patientId ?? '' })}>
              {text('onlyPatient')}
            </Button>
          )}
          {entry.studyUid !== null && (
            <Button onPress={() => onNarrow({ study: entry.studyUid ?? '' })}>{text('onlyStudy')}</Button>
          )}
        </div>
      </div>
    </Dialog>
  );
};
