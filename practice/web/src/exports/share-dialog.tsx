import { SHARE_LIMITS, ShareDownload, sharesApi } from '@archwire/contracts/api/shares';
import { Button, CopyButton, Dialog, Select, TextField, useFormat, useText } from '@archwire/ui';
import { useState } from 'react';
import { problemWord } from '../api/problem-word.ts';
import { useAction } from '../api/use-action.ts';
import styles from './exports.module.css';
import { messages } from './messages.ts';

const HOURS = ['1', '24', '72', '168', '720'] as const;
const PROBLEMS = { 'exports-active': 'tooMany' } as const;

/** Makes a link that shows a study, and shows it once. */
export const ShareDialog = ({
  studyId,
  onClose,
}: {
  readonly studyId: string;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const [hours, setHours] = useState<(typeof HOURS)[number]>('72');
  const [passcode, setPasscode] = useState('');
  const [download, setDownload] = useState<(typeof ShareDownload.options)[number]>('none');
  const create = useAction(sharesApi.create, { changes: [sharesApi.list] });
  const typed = passcode.trim();
  const isShort = typed !== '' && typed.length < SHARE_LIMITS.passcodeMin;
  const made = create.data;

  if (made !== undefined) {
    // The secret stands behind the `#`, which browsers send to nobody.
    const address = `${location.origin}/shared#${made.token}`;
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title={text('linkMade')}
        lead={text('linkOnce')}
        footer={
          <Button tone="primary" onPress={onClose}>
            {text('done')}
          </Button>
        }
      >
        <div className={styles.form}>
          <p className={styles.secret}>
            <code>{address}</code>
            {navigator.clipboard !== undefined && <CopyButton value={address} />}
          </p>
          <p className={styles.quiet}>{text('until', { when: format.dateTime(made.share.expiresAt) })}</p>
        </div>
      </Dialog>
    );
  }
  const make = () =>
    create.mutate({
      body: { studyId, hours: Number(hours), download, ...(typed === '' ? {} : { passcode: typed }) },
    });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text('shareStudy')}
      lead={text('shareLead')}
      isBusy={create.isPending}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          <Button tone="primary" isPending={create.isPending} isDisabled={isShort} onPress={make}>
            {text('makeLink')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <Select
          label={text('expiresAfter')}
          value={hours}
          onChange={setHours}
          options={HOURS.map((id) => ({ id, label: text(`hours-${id}`) }))}
        />
        <TextField
          label={text('passcode')}
          description={text('passcodeHint')}
          value={passcode}
          onChange={setPasscode}
          maxLength={64}
          autoComplete="off"
          {...(isShort ? { error: text('passcodeShort') } : {})}
        />
        <Select
          label={text('mayDownload')}
          value={download}
          onChange={setDownload}
          options={ShareDownload.options.map((id) => ({ id, label: text(`download-${id}`) }))}
        />
        {create.error !== null && (
          <p role="alert" className={styles.wrong}>
            {text(problemWord(create.error, PROBLEMS))}
          </p>
        )}
      </div>
    </Dialog>
  );
};
