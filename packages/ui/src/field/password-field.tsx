import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { Group, Input, TextField as AriaTextField } from 'react-aria-components';
import { IconButton } from '../button/icon-button.tsx';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import { FieldFrame } from './field-frame.tsx';
import styles from './field.module.css';
import type { TextFieldProps } from './text-field.tsx';

/** A password that can be shown. Give `autoComplete`, so that password managers know which one. */
export const PasswordField = ({
  label,
  description,
  error,
  ...props
}: Omit<TextFieldProps, 'type' | 'rows' | 'placeholder'>) => {
  const text = useText(messages);
  const [shown, setShown] = useState(false);
  return (
    <AriaTextField
      {...props}
      type={shown ? 'text' : 'password'}
      isInvalid={error !== undefined || props.isInvalid === true}
      className={classes(styles.field)}
    >
      <FieldFrame
        label={label}
        description={description}
        error={error}
        isRequired={props.isRequired === true}
      >
        <Group className={classes(styles.group)} isInvalid={error !== undefined}>
          <Input className={classes(styles.input)} />
          <IconButton
            icon={shown ? EyeOff : Eye}
            label={text(shown ? 'hidePassword' : 'showPassword')}
            onPress={() => setShown(!shown)}
          />
        </Group>
      </FieldFrame>
    </AriaTextField>
  );
};
