import { useText } from '@archwire/ui';
import { AgreementMark } from '../agreement.tsx';
import { compareIdentity, type Identity } from '../compare-identity.ts';
import { messages } from '../messages.ts';
import { IDENTITY_FIELDS, useIdentityWords } from '../use-identity-words.ts';
import styles from './assign-dialog.module.css';

/** Two identities line by line, and whether each line agrees. */
export const IdentityTable = ({
  received,
  receivedTitle,
  patient,
  patientTitle,
}: {
  readonly received: Identity;
  /** What the images say, unless it says otherwise. */
  readonly receivedTitle?: string;
  readonly patient: Identity;
  readonly patientTitle: string;
}) => {
  const text = useText(messages);
  const title = receivedTitle ?? text('received');
  const words = useIdentityWords();
  const agreements = compareIdentity(received, patient);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label */}
          <td />
          <th scope="col">{title}</th>
          <th scope="col">{patientTitle}</th>
          {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label */}
          <td />
        </tr>
      </thead>
      <tbody>
        {IDENTITY_FIELDS.map((field) => (
          <tr key={field} data-agreement={agreements[field]}>
            <th scope="row">{text(field)}</th>
            <td data-label={title}>{words(received, field) ?? '—'}</td>
            <td data-label={patientTitle}>{words(patient, field) ?? '—'}</td>
            <td>
              <AgreementMark agreement={agreements[field]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
