import { liveTrigger } from '../schema/live-trigger.ts';
import { tenantTable } from '../schema/tenant-table.ts';
import type { Migration } from './migration.ts';

/** What each device may ask for, and what it asked for in vain. Who is registered already may do what everybody could: store and query. */
export const deviceServices: Migration = {
  name: '0016-device-services',

  up: async (trx) => {
    await trx.raw(`
      alter table device
        drop constraint device_kind_check,
        add constraint device_kind_check check (kind in ('panoramic', 'cbct', 'ceph', 'intraoral-sensor',
          'intraoral-scanner', 'camera', 'archive', 'workstation', 'other')),
        add column services text[] not null default '{store,query}' check (services <@
          array['store', 'query', 'retrieve', 'worklist', 'mpps', 'commitment']),
        add column notify_availability boolean not null default false;
    `);
    await tenantTable(
      trx,
      'device_denial',
      `device_id uuid not null,
       service text not null,
       count bigint not null default 1,
       last_at timestamptz not null default now(),
       primary key (tenant_id, device_id, service),
       foreign key (tenant_id, device_id) references device (tenant_id, id) on delete cascade`,
    );
    await liveTrigger(trx, 'device_denial', 'device.changed', { name: 'deviceId', column: 'device_id' });
  },

  down: async (trx) => {
    await trx.raw(`
      drop table device_denial;
      update device set kind = 'other' where kind in ('archive', 'workstation');
      alter table device
        drop column services,
        drop column notify_availability,
        drop constraint device_kind_check,
        add constraint device_kind_check check (kind in
          ('panoramic', 'cbct', 'ceph', 'intraoral-sensor', 'intraoral-scanner', 'camera', 'other'));
    `);
  },
};
