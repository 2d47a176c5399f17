import { Check } from 'lucide-react';
import { ListBoxItem, Text } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from '../overlay/overlay.module.css';
import type { Option } from './option.ts';

/** An option as it stands in an open list. */
export const OptionItem = ({ option }: { readonly option: Option }) => (
  <ListBoxItem
    id={option.id}
    textValue={option.label}
    isDisabled={option.isDisabled === true}
    className={classes(styles.item)}
  >
    <span className={styles.itemText}>
      <Text slot="label">{option.label}</Text>
      {option.description !== undefined && (
        <Text slot="description" className={classes(styles.itemDescription)}>
          {option.description}
        </Text>
      )}
    </span>
    <Check size={15} className={styles.check} aria-hidden />
  </ListBoxItem>
);
