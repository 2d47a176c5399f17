import {
  Input,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import { FieldFrame, type FieldFrameProps } from './field-frame.tsx';
import styles from './field.module.css';

export interface TextFieldProps
  extends FieldFrameProps, Omit<AriaTextFieldProps, 'className' | 'style' | 'children'> {
  readonly placeholder?: string;
  /** Several lines. */
  readonly rows?: number;
}

/** A line of text, or several. */
export const TextField = ({ label, description, error, placeholder, rows, ...props }: TextFieldProps) => (
  <AriaTextField
    {...props}
    isInvalid={error !== undefined || props.isInvalid === true}
    className={classes(styles.field)}
  >
    <FieldFrame label={label} description={description} error={error} isRequired={props.isRequired === true}>
      {rows === undefined ? (
        <Input className={classes(styles.input)} placeholder={placeholder ?? ''} />
      ) : (
        <TextArea className={classes(styles.input)} placeholder={placeholder ?? ''} rows={rows} />
      )}
    </FieldFrame>
  </AriaTextField>
);
