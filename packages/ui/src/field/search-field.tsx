import { Search, X } from 'lucide-react';
import {
  Button as AriaButton,
  Group,
  Input,
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchFieldProps,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './field.module.css';

export interface SearchFieldProps extends Omit<AriaSearchFieldProps, 'className' | 'style' | 'children'> {
  /** Read out, and shown inside while it is empty. */
  readonly label: string;
  /** Shown inside instead of the label, for an example. */
  readonly placeholder?: string;
}

/** Words to find something by. Escape clears it. */
export const SearchField = ({ label, placeholder, ...props }: SearchFieldProps) => {
  const text = useText(messages);
  return (
    <AriaSearchField {...props} aria-label={label} className={classes(styles.field)}>
      <Group className={classes(styles.group, styles.search)}>
        <Search size={14} aria-hidden className={styles.lead} />
        <Input className={classes(styles.input)} placeholder={placeholder ?? label} />
        <AriaButton className={classes(styles.step, styles.clear)} aria-label={text('clear')}>
          <X size={14} aria-hidden />
        </AriaButton>
      </Group>
    </AriaSearchField>
  );
};
