import { CircleAlert } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import styles from './field.module.css';
import { classes } from '../classes.ts';

/** What every field has around its control. */
export interface FieldFrameProps {
  readonly label: string;
  /** A sentence that helps to fill it in. */
  readonly description?: ReactNode;
  /** What is wrong; the field then is invalid. */
  readonly error?: string | undefined;
  readonly ref?: Ref<HTMLDivElement>;
}

/** Label above, help or what is wrong below. */
export const FieldFrame = ({
  label,
  description,
  error,
  isRequired = false,
  children,
}: FieldFrameProps & { readonly isRequired?: boolean; readonly children: ReactNode }) => (
  <>
    <Label className={classes(styles.label)}>
      {label}
      {isRequired && (
        <span className={styles.required} aria-hidden>
          *
        </span>
      )}
    </Label>
    {children}
    {description !== undefined && (
      <Text slot="description" className={classes(styles.description)}>
        {description}
      </Text>
    )}
    <FieldError className={classes(styles.error)}>
      {({ validationErrors }) => (
        <>
          <CircleAlert size={13} aria-hidden />
          {error ?? validationErrors.join(' ')}
        </>
      )}
    </FieldError>
  </>
);
