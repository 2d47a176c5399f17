import { Button, ComboBox, TextField, useText } from '@archwire/ui';
import { useState } from 'react';
import { messages } from './messages.ts';
import styles from './settings.module.css';

export interface LocationValues {
  readonly name: string;
  readonly timezone: string;
  readonly issuer: string;
}

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

/** The zone of this browser, which most likely is the clinic's. */
export const browserZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A clinic: what it is called, its time, and whose patient numbers arrive there. */
export const LocationForm = ({
  first,
  submit,
  isPending,
  error,
  onSubmit,
  onCancel,
}: {
  readonly first: LocationValues;
  readonly submit: string;
  readonly isPending: boolean;
  readonly error?: string | undefined;
  readonly onSubmit: (values: LocationValues) => void;
  readonly onCancel?: () => void;
}) => {
  const text = useText(messages);
  const [values, setValues] = useState(first);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending) onSubmit({ ...values, name: values.name.trim(), issuer: values.issuer.trim() });
      }}
    >
      <TextField
        label={text('name')}
        name="location-name"
        autoComplete="off"
        value={values.name}
        onChange={(name) => setValues({ ...values, name })}
        maxLength={200}
        error={error}
        isRequired
      />
      <ComboBox
        label={text('timezone')}
        value={values.timezone}
        onChange={(zone) => setValues({ ...values, timezone: zone ?? values.timezone })}
        options={ZONES.map((id) => ({ id, label: id.replaceAll('_', ' ') }))}
        isRequired
      />
      <TextField
        label={text('issuer')}
        description={text('issuerHint')}
        name="location-issuer"
        autoComplete="off"
        value={values.issuer}
        onChange={(issuer) => setValues({ ...values, issuer })}
        maxLength={64}
        isRequired
      />
      <div className={styles.row}>
        <Button type="submit" tone="primary" isPending={isPending}>
          {submit}
        </Button>
        {onCancel !== undefined && <Button onPress={onCancel}>{text('cancel')}</Button>}
      </div>
    </form>
  );
};
