import { Minus, Plus } from 'lucide-react';
import {
  Button as AriaButton,
  Group,
  Input,
  NumberField as AriaNumberField,
  type NumberFieldProps as AriaNumberFieldProps,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import { FieldFrame, type FieldFrameProps } from './field-frame.tsx';
import styles from './field.module.css';

export interface NumberFieldProps
  extends FieldFrameProps, Omit<AriaNumberFieldProps, 'className' | 'style' | 'children'> {}

/** A number, typed as the language writes it, or stepped with arrow keys and buttons. */
export const NumberField = ({ label, description, error, ...props }: NumberFieldProps) => (
  <AriaNumberField
    {...props}
    isInvalid={error !== undefined || props.isInvalid === true}
    className={classes(styles.field)}
  >
    <FieldFrame label={label} description={description} error={error} isRequired={props.isRequired === true}>
      <Group className={classes(styles.group)}>
        <Input className={classes(styles.input)} />
        <AriaButton slot="decrement" className={classes(styles.step)}>
          <Minus size={14} aria-hidden />
        </AriaButton>
        <AriaButton slot="increment" className={classes(styles.step)}>
          <Plus size={14} aria-hidden />
        </AriaButton>
      </Group>
    </FieldFrame>
  </AriaNumberField>
);
