import type { BuildExport, createRuleRunner, Deriver, OpenImportFile, Settler } from '@archwire/archive';
import type { JobName, JobPayload } from '@archwire/contracts';
import type { LetterSender } from '@archwire/practice-server';
import { applyViewRules } from './apply-view-rules.ts';
import { buildExport } from './build-export.ts';
import { deriveInstances } from './derive-instances.ts';
import { notifyAvailability } from './notify-availability.ts';
import { openImport } from './open-import.ts';
import type { Processor } from './processor.ts';
import { reportCommitment } from './report-commitment.ts';
import { sendMail } from './send-mail.ts';
import { settleSeries } from './settle-series.ts';

/** Exactly one processor per job name; a new name in contracts does not compile until it has one here. */
export type Registry = { readonly [N in JobName]: Processor<N> };

export const createRegistry = (useCases: {
  readonly deriver: Deriver;
  readonly settler: Pick<Settler, 'settleSeries'>;
  /** `null`: this installation sends no mail, and nothing that asks for it is ever queued. */
  readonly letters: LetterSender | null;
  readonly opener: Pick<OpenImportFile, 'open'>;
  readonly rules: ReturnType<typeof createRuleRunner>;
  readonly exports: BuildExport;
  /** Both speak DICOM, which is the gateway's. */
  readonly reportCommitment: (job: JobPayload<'report-commitment'>) => Promise<void>;
  readonly notifyAvailability: (job: JobPayload<'notify-availability'>) => Promise<void>;
}) =>
  ({
    'derive-instances': deriveInstances(useCases.deriver),
    'settle-series': settleSeries(useCases.settler),
    'send-mail': sendMail(useCases.letters),
    'open-import': openImport(useCases.opener),
    'report-commitment': reportCommitment(useCases.reportCommitment),
    'apply-view-rules': applyViewRules(useCases.rules),
    'notify-availability': notifyAvailability(useCases.notifyAvailability),
    'build-export': buildExport(useCases.exports),
  }) satisfies Registry;
