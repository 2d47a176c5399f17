import type { Queues } from '@archwire/runtime';
import type { Registry } from './registry.ts';

/** Takes jobs of every name from the queue, in this process. `stop` lets running jobs finish. */
export const createWorkers = ({
  queues,
  registry,
}: {
  readonly queues: Pick<Queues, 'work'>;
  readonly registry: Registry;
}): { start(): Promise<() => Promise<void>> } => ({
  start: async () => {
    const derive = registry['derive-instances'];
    const settle = registry['settle-series'];
    const open = registry['open-import'];
    const stopDerive = await queues.work('derive-instances', derive.process, derive.policy);
    const stopSettle = await queues.work('settle-series', settle.process, settle.policy);
    const mail = registry['send-mail'];
    const stopMail = await queues.work('send-mail', mail.process, mail.policy);
    const stopOpen = await queues.work('open-import', open.process, open.policy);
    const report = registry['report-commitment'];
    const stopReport = await queues.work('report-commitment', report.process, report.policy);
    const notify = registry['notify-availability'];
    const stopNotify = await queues.work('notify-availability', notify.process, notify.policy);
    const rules = registry['apply-view-rules'];
    const stopRules = await queues.work('apply-view-rules', rules.process, rules.policy);
    const build = registry['build-export'];
    const stopBuild = await queues.work('build-export', build.process, build.policy);
    return async () => {
      await Promise.all([
        stopDerive(),
        stopSettle(),
        stopMail(),
        stopOpen(),
        stopReport(),
        stopNotify(),
        stopRules(),
        stopBuild(),
      ]);
    };
  },
});
