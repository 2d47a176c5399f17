import { ChevronDown } from 'lucide-react';
import {
  Button as AriaButton,
  ListBox,
  Popover as AriaPopover,
  Select as AriaSelect,
  SelectValue,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import { FieldFrame, type FieldFrameProps } from '../field/field-frame.tsx';
import fieldStyles from '../field/field.module.css';
import overlayStyles from '../overlay/overlay.module.css';
import type { Option } from './option.ts';
import { OptionItem } from './option-item.tsx';

export interface SelectProps<Id extends string> extends FieldFrameProps {
  readonly options: readonly Option<Id>[];
  readonly value: Id | null;
  readonly onChange: (value: Id) => void;
  readonly placeholder?: string;
  readonly name?: string;
  readonly onBlur?: () => void;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
}

/** One of a few. For many, or for what has to be searched, take `ComboBox`. */
export const Select = <Id extends string>({
  label,
  description,
  error,
  options,
  value,
  onChange,
  ...props
}: SelectProps<Id>) => (
  <AriaSelect
    {...props}
    value={value}
    onChange={(key) => {
      const chosen = options.find(({ id }) => id === key);
      if (chosen !== undefined) onChange(chosen.id);
    }}
    isInvalid={error !== undefined}
    className={classes(fieldStyles.field)}
  >
    <FieldFrame label={label} description={description} error={error} isRequired={props.isRequired === true}>
      <AriaButton className={classes(fieldStyles.input, fieldStyles.value)}>
        <SelectValue className={classes(fieldStyles.valueText)}>
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <ChevronDown size={15} aria-hidden />
      </AriaButton>
      <AriaPopover className={classes(overlayStyles.popover)} offset={4}>
        <ListBox className={classes(overlayStyles.list)}>
          {options.map((option) => (
            <OptionItem key={option.id} option={option} />
          ))}
        </ListBox>
      </AriaPopover>
    </FieldFrame>
  </AriaSelect>
);
