import { ChevronDown } from 'lucide-react';
import {
  Button as AriaButton,
  ComboBox as AriaComboBox,
  Group,
  Input,
  ListBox,
  Popover as AriaPopover,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import { FieldFrame, type FieldFrameProps } from '../field/field-frame.tsx';
import fieldStyles from '../field/field.module.css';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import overlayStyles from '../overlay/overlay.module.css';
import type { Option } from './option.ts';
import { OptionItem } from './option-item.tsx';

export interface ComboBoxProps<Id extends string> extends FieldFrameProps {
  readonly options: readonly Option<Id>[];
  readonly value: Id | null;
  readonly onChange: (value: Id | null) => void;
  /** Called with what is typed; then `options` are taken as they come, already filtered (by the server). */
  readonly onSearch?: (typed: string) => void;
  readonly placeholder?: string;
  readonly name?: string;
  readonly onBlur?: () => void;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
}

/** One of many, found by typing. */
export const ComboBox = <Id extends string>({
  label,
  description,
  error,
  options,
  value,
  onChange,
  onSearch,
  placeholder,
  ...props
}: ComboBoxProps<Id>) => {
  const text = useText(messages);
  return (
    <AriaComboBox
      {...props}
      value={value}
      onChange={(key) => onChange(options.find(({ id }) => id === key)?.id ?? null)}
      {...(onSearch === undefined ? {} : { onInputChange: onSearch, defaultFilter: () => true })}
      allowsEmptyCollection
      menuTrigger="focus"
      isInvalid={error !== undefined}
      className={classes(fieldStyles.field)}
    >
      <FieldFrame
        label={label}
        description={description}
        error={error}
        isRequired={props.isRequired === true}
      >
        <Group className={classes(fieldStyles.group)}>
          <Input className={classes(fieldStyles.input)} placeholder={placeholder ?? ''} />
          <AriaButton className={classes(fieldStyles.step)}>
            <ChevronDown size={15} aria-hidden />
          </AriaButton>
        </Group>
        <AriaPopover className={classes(overlayStyles.popover)} offset={4}>
          <ListBox
            className={classes(overlayStyles.list)}
            renderEmptyState={() => <p className={overlayStyles.empty}>{text('noMatch')}</p>}
          >
            {options.map((option) => (
              <OptionItem key={option.id} option={option} />
            ))}
          </ListBox>
        </AriaPopover>
      </FieldFrame>
    </AriaComboBox>
  );
};
