import { Avatar, classes, Menu, useText } from '@archwire/ui';
import { devicesApi } from '@archwire/contracts/api/devices';
import { ChevronsUpDown } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useMay, useMe } from '../api/use-me.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { locationChoice } from './location-choice.ts';
import { messages } from './messages.ts';
import styles from './shell.module.css';

/** The group, and which of its places one looks at. */
export const Workplace = () => {
  const text = useText(messages);
  const me = useMe();
  const may = useMay('devices.device.read');
  const chosen = locationChoice.use();
  const { data } = useEndpoint(devicesApi.locations, {}, { enabled: may, staleTime: 60_000 });
  const locations = data?.locations ?? [];
  const group = me?.groupName ?? 'Archwire';
  const place = locations.find(({ id }) => id === chosen)?.name;
  const only = locations.length === 1 ? locations[0]?.name : undefined;
  const card = (
    <>
      <Avatar name={group} shape="group" />
      <span className={styles.names}>
        <b>{group}</b>
        <small>{place ?? only ?? text('allLocations')}</small>
      </span>
    </>
  );
  if (locations.length < 2) return <div className={styles.workplace}>{card}</div>;
  return (
    <Menu
      label={text('location')}
      trigger={
        <Button className={classes(styles.workplace, styles.pressable)}>
          {card}
          <ChevronsUpDown size={14} aria-hidden />
        </Button>
      }
      groups={[
        {
          title: text('location'),
          entries: [{ id: 'all', name: text('allLocations') }, ...locations].map(({ id, name }) => ({
            id,
            label: name,
            isSelected: id === chosen || (id === 'all' && place === undefined),
            onAction: () => locationChoice.set(id),
          })),
        },
      ]}
    />
  );
};
