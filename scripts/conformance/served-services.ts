import { dimseServices } from '../../gateway/src/compose-dimse.ts';
import type { DimseService } from '../../gateway/src/dimse/dimse-service.ts';
import { createCommitmentService } from '../../gateway/src/dimse/commitment/commitment-service.ts';
import { echoService } from '../../gateway/src/dimse/echo-service.ts';

const nobody = (): never => {
  throw new Error('The statement reads what is served and asks for nothing.');
};

/** The table of operations as the listener gets it, with nothing behind it. */
export const servedServices = (): readonly DimseService[] => [
  echoService,
  ...dimseServices({
    database: { withTenant: async () => nobody() },
    audit: { note: nobody, flush: async () => nobody() },
    aeTitle: 'ARCHWIRE',
    reader: {
      open: async () => nobody(),
      stored: nobody,
      head: async () => nobody(),
      recompressed: async () => nobody(),
    },
    pixels: { decode: async () => nobody() },
    transcodeFolder: '',
    pool: { lease: async () => nobody(), close: async () => nobody(), size: 0 },
    tls: {},
    log: { warn: nobody },
  }),
  createCommitmentService({
    commitments: {
      request: async () => nobody(),
      check: async () => nobody(),
      reported: async () => nobody(),
    },
    aeTitle: 'ARCHWIRE',
    reportLater: async () => nobody(),
    log: { info: nobody, warn: nobody },
  }),
];
