import { DICOM_SERVICES } from '@archwire/contracts';
import { createMetrics } from '@archwire/runtime';
import type { Admit, Refusal } from '../admission.ts';
import { createDicomListener, type DicomListener, type DicomListenerOptions } from '../dicom-listener.ts';
import { FakeIngest } from './fake-ingest.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: object;
}

export interface TestListener extends DicomListener {
  readonly ingest: FakeIngest;
  readonly refusals: readonly Refusal[];
  readonly lines: readonly LogLine[];
  /** The page of `/metrics`, DIMSE lines that are not zero only. */
  metrics(): Promise<readonly string[]>;
}

/** Whose images they are that the admitted peer sends, and what the listener admits it as: it may use every service. */
export const HOME = { tenantId: 'tenant', locationId: 'location', deviceId: 'device', issuer: 'CLINIC' };
export const ADMITTED = { ...HOME, services: new Set(DICOM_SERVICES) };
const admitAll: Admit = async () => ({ admitted: true, source: ADMITTED });

/** The listener on a free port of the loopback, with a door for bytes in memory. */
export const startListener = async (
  options: Partial<
    Pick<
      DicomListenerOptions,
      'activity' | 'admit' | 'services' | 'limits' | 'tls' | 'acceptPrivateSopClasses'
    >
  > & {
    readonly ingest?: FakeIngest;
  } = {},
): Promise<TestListener> => {
  const ingest = options.ingest ?? new FakeIngest();
  const refusals: Refusal[] = [];
  const lines: LogLine[] = [];
  const metrics = createMetrics();
  const write =
    (level: LogLine['level']) =>
    (fields: object, message: string): void => {
      lines.push({ level, message, fields });
    };
  const { ingest: _ingest, ...rest } = options;
  const listener = await createDicomListener({
    admit: admitAll,
    services: [],
    ...rest,
    ingest,
    onRefusal: (refusal) => refusals.push(refusal),
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    metrics,
    host: '127.0.0.1',
    port: 0,
  }).start();
  return {
    ...listener,
    ingest,
    refusals,
    lines,
    metrics: async () =>
      (await metrics.render()).body
        .split('\n')
        .filter((line) => line.startsWith('archwire_dimse') && !line.endsWith(' 0')),
  };
};
