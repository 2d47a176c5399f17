import { accountsApi } from '@archwire/contracts/api/accounts';
import { groupApi } from '@archwire/contracts/api/group';
import { Button, TextField, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { messages } from './messages.ts';
import styles from './settings.module.css';
import { useProblemText } from './use-problem-text.ts';

/** What the group is called. */
export const GroupNameForm = ({
  name: first,
  submit,
  onSaved,
}: {
  readonly name: string;
  /** The words on the button; it then is there before anything was typed. */
  readonly submit?: string;
  readonly onSaved?: () => void;
}) => {
  const text = useText(messages);
  const explain = useProblemText();
  const rename = useAction(groupApi.rename, { changes: [accountsApi.me] });
  const [name, setName] = useState(first);
  const save = () =>
    rename.mutate(
      { body: { name: name.trim() } },
      {
        onSuccess: () => {
          if (onSaved === undefined) toasts.show({ tone: 'ok', text: text('saved') });
          else onSaved();
        },
      },
    );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!rename.isPending) save();
      }}
    >
      <TextField
        label={text('groupName')}
        description={text('groupNameHint')}
        name="group-name"
        autoComplete="organization"
        value={name}
        onChange={setName}
        maxLength={200}
        error={rename.isError ? explain(rename.error) : undefined}
        isRequired
      />
      {(submit !== undefined || name.trim() !== first) && (
        <div className={styles.row}>
          <Button type="submit" tone="primary" isPending={rename.isPending}>
            {submit ?? text('save')}
          </Button>
        </div>
      )}
    </form>
  );
};
