import type { Format } from '@archwire/ui';
import type { EndpointResponse } from '@archwire/contracts/api';
import type { operationsApi } from '@archwire/contracts/api/operations';
import type { messages } from './messages.ts';

export type Alert = EndpointResponse<typeof operationsApi.alerts>['open'][number];
export type Text = (
  key: keyof (typeof messages)['en'],
  values?: Readonly<Record<string, string | number>>,
) => string;

/** What is the matter, what to do, and where; in the person's language. */
export interface AlertWords {
  readonly title: string;
  readonly hint: string;
  readonly go?: { readonly to: string; readonly label: string };
}

const PARTS = ['database', 'queue', 'store', 'journal', 'disk'] as const;
const isPart = (name: string): name is (typeof PARTS)[number] => PARTS.some((part) => part === name);

/** The name of a part of the server; one that this page does not know keeps its own. */
export const partName = (text: Text, name: string): string => (isPart(name) ? text(`part-${name}`) : name);

export const alertWords = (alert: Alert, text: Text, format: Format): AlertWords => {
  const { details } = alert;
  const words = (name: string): string => {
    const value = details[name];
    return typeof value === 'string' ? value : '';
  };
  const figure = (name: string): number => {
    const value = details[name];
    return typeof value === 'number' ? value : 0;
  };
  const when = words('since') === '' ? '' : format.relative(words('since'));
  switch (alert.kind) {
    case 'disk-low':
      return {
        title: text('alert-disk-low', { node: words('node') }),
        hint: text('alert-disk-low-hint', {
          free: format.bytes(figure('freeBytes')),
          total: format.bytes(figure('totalBytes')),
        }),
      };
    case 'part-down':
      return {
        title: text('alert-part-down', { part: partName(text, words('part')), node: words('node') }),
        hint: words('reason'),
      };
    case 'node-gone':
      return {
        title: text('alert-node-gone', { node: words('node') }),
        hint: text('alert-node-gone-hint', { when }),
      };
    case 'quarantine-waiting':
      return {
        title: text('alert-quarantine-waiting', { count: figure('count') }),
        hint: text('alert-quarantine-waiting-hint'),
        go: { to: '/quarantine', label: text('goQuarantine') },
      };
    case 'outbox-stuck':
      return { title: text('alert-outbox-stuck'), hint: text('alert-outbox-stuck-hint', { when }) };
    case 'device-silent':
      return {
        title: text('alert-device-silent', { name: words('name') }),
        hint: text('alert-device-silent-hint', { when }),
        go: { to: '/devices', label: text('goDevices') },
      };
    case 'failed-jobs':
      return {
        title: text('alert-failed-jobs', { count: figure('count') }),
        hint: text('alert-failed-jobs-hint'),
      };
    case 'certificate-ends':
      return {
        title: text('alert-certificate-ends', { days: figure('days') }),
        hint: text('alert-certificate-ends-hint'),
      };
    default:
      return { title: text('alert-other', { kind: alert.kind }), hint: '' };
  }
};
