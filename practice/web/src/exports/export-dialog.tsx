import { exportsApi, ExportOptions } from '@archwire/contracts/api/exports';
import { Button, Checkbox, Dialog, RadioGroup, Select, TextField, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { problemWord } from '../api/problem-word.ts';
import { useAction } from '../api/use-action.ts';
import type { ExportSubject } from './export-actions.tsx';
import styles from './exports.module.css';
import { messages } from './messages.ts';

const FORMATS = ['dicom', 'jpeg'] as const;
const IDENTITIES = ['known', 'received', 'deidentified'] as const;
const DATES = ['shift', 'remove', 'keep'] as const;
const PROBLEMS = { 'exports-active': 'tooMany' } as const;

/** Asks what is to be taken along, and as whose; the file is then written in the background. */
export const ExportDialog = ({
  subject,
  onClose,
}: {
  readonly subject: ExportSubject;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const navigate = useNavigate();
  const [format, setFormat] = useState<(typeof FORMATS)[number]>('dicom');
  const [identity, setIdentity] = useState<(typeof IDENTITIES)[number]>('known');
  const [options, setOptions] = useState<ExportOptions>(() => ExportOptions.parse({}));
  const set = (more: Partial<ExportOptions>) => setOptions((now) => ({ ...now, ...more }));
  const create = useAction(exportsApi.create, { changes: [exportsApi.list] });
  const isAnonymous = identity === 'deidentified';
  const choices = format === 'jpeg' ? IDENTITIES.filter((id) => id !== 'received') : IDENTITIES;

  const begin = async () => {
    await create.mutateAsync({ body: { ...subject, format, identity, options } });
    toasts.show({
      tone: 'ok',
      text: text('begun'),
      action: { label: text('show'), run: () => void navigate('/exports') },
    });
    onClose();
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text(subject.studyId === undefined ? 'exportPatient' : 'exportStudy')}
      lead={text('exportLead')}
      isBusy={create.isPending}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          <Button tone="primary" isPending={create.isPending} onPress={() => void begin().catch(() => {})}>
            {text('begin')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <RadioGroup
          label={text('format')}
          value={format}
          onChange={(next) => {
            setFormat(next);
            if (next === 'jpeg' && identity === 'received') setIdentity('known');
          }}
          options={FORMATS.map((id) => ({ id, label: text(id), description: text(`${id}Hint`) }))}
        />
        <RadioGroup
          label={text('identity')}
          value={identity}
          onChange={setIdentity}
          options={choices.map((id) => ({ id, label: text(id), description: text(`${id}Hint`) }))}
        />
        {isAnonymous ? (
          <div className={styles.part}>
            {format === 'dicom' && (
              <>
                <Select
                  label={text('dates')}
                  value={options.dates}
                  onChange={(dates) => set({ dates })}
                  options={DATES.map((id) => ({ id, label: text(`dates-${id}`) }))}
                />
                <TextField
                  label={text('project')}
                  description={text('projectHint')}
                  value={options.project}
                  maxLength={64}
                  onChange={(project) => set({ project })}
                />
                <Checkbox
                  isSelected={options.keepCharacteristics}
                  onChange={(keepCharacteristics) => set({ keepCharacteristics })}
                >
                  {text('keepCharacteristics')}
                </Checkbox>
                <Checkbox isSelected={options.keepDevice} onChange={(keepDevice) => set({ keepDevice })}>
                  {text('keepDevice')}
                </Checkbox>
              </>
            )}
            <Checkbox isSelected={options.includeFaces} onChange={(includeFaces) => set({ includeFaces })}>
              {text('includeFaces')}
            </Checkbox>
            <p className={styles.quiet}>
              {text('includeFacesHint')} {text('volumeHint')}
            </p>
          </div>
        ) : (
          format === 'jpeg' && (
            <Checkbox isSelected={options.namedFolders} onChange={(namedFolders) => set({ namedFolders })}>
              {text('namedFolders')}
            </Checkbox>
          )
        )}
        {format === 'dicom' && (
          <Checkbox isSelected={options.uncompressed} onChange={(uncompressed) => set({ uncompressed })}>
            {text('uncompressed')}
          </Checkbox>
        )}
        {create.error !== null && (
          <p role="alert" className={styles.wrong}>
            {text(problemWord(create.error, PROBLEMS))}
          </p>
        )}
      </div>
    </Dialog>
  );
};
