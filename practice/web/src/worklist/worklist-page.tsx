import { Button, Card, PageHeader, SegmentedControl, useFormat, useShortcut, useText } from '@archwire/ui';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMay } from '../api/use-me.ts';
import { locationChoice } from '../shell/location-choice.ts';
import { localDay } from '../studies/local-day.ts';
import { DaySwitch } from './day-switch.tsx';
import { DeviceWorklist } from './device-worklist.tsx';
import { messages } from './messages.ts';
import { OrderDialog } from './order-dialog.tsx';
import { OrderList, type OrderView, orderViews } from './order-list.tsx';
import styles from './worklist.module.css';

/** What is to be imaged on a day, and beside it what a device is told of that. */
export const WorklistPage = () => {
  const text = useText(messages);
  const format = useFormat();
  const mayWrite = useMay('orders.order.write');
  const maySeeDevices = useMay('devices.device.read');
  const place = locationChoice.use();
  const [orders, setOrders] = useState(false);
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('day') ?? '';
  const day = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : localDay();
  const view: OrderView = orderViews.find((known) => known === parameters.get('state')) ?? 'open';
  const set = (name: string, value: string) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        after.set(name, value);
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  useShortcut('n', () => setOrders(true), {
    label: text('order'),
    group: text('title'),
    isDisabled: !mayWrite,
  });
  const order = mayWrite ? (
    <Button tone="primary" onPress={() => setOrders(true)}>
      <Plus size={15} aria-hidden />
      {text('order')}
    </Button>
  ) : undefined;
  return (
    <>
      <PageHeader
        title={text('title')}
        lead={day === localDay() ? text('todayLead', { day: format.date(day) }) : format.date(day)}
        actions={order}
      >
        <div className={styles.bar}>
          <DaySwitch day={day} onChange={(value) => set('day', value)} />
          <SegmentedControl
            label={text('states')}
            options={orderViews.map((id) => ({ id, label: text(`view-${id}`) }))}
            value={view}
            onChange={(value) => set('state', value)}
          />
        </div>
      </PageHeader>
      <div className={styles.page} data-alone={!maySeeDevices || undefined}>
        <Card title={text('orders')}>
          <OrderList day={day} view={view} locationId={place === 'all' ? null : place} action={order} />
        </Card>
        {maySeeDevices && (
          <DeviceWorklist
            day={day}
            deviceId={parameters.get('device')}
            onChoose={(id) => set('device', id)}
          />
        )}
      </div>
      {orders && <OrderDialog day={day} onClose={() => setOrders(false)} />}
    </>
  );
};
