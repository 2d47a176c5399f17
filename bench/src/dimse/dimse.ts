import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Peer, startArchwire, startOrthanc, temporaryFolder } from '@archwire/test-data/processes';
import { sayPart } from '../measure/say-part.ts';
import { markdownTable } from '../measure/table.ts';
import { startStorescp } from '../peers/storescp.ts';
import { measureAssociations } from './associations.ts';
import { measureFind } from './find.ts';
import { measurePatientId } from './patient-id.ts';
import { registerWithArchwire, registerWithOrthanc } from './register.ts';
import { measureRetrieve, type RetrieveFigures } from './retrieve.ts';

const range = ([from, to]: readonly [number, number]): string => `${from.toFixed(0)} → ${to.toFixed(0)} MB`;

/** `npm run bench -- dimse`: query, retrieve, sending and associations, beside Orthanc and DCMTK in the same run. */
export const dimse = async (): Promise<{ readonly table: string; readonly figures: unknown }> => {
  const folder = await temporaryFolder();
  const started: Peer[] = [];
  const keep = <P extends Peer>(peer: P): P => {
    started.push(peer);
    return peer;
  };
  try {
    const orthanc = keep(await startOrthanc(folder));
    const storescp = keep(await startStorescp(folder));
    const archwire = keep(
      await startArchwire({
        dataDir: join(folder, 'archwire'),
        env: { ARCHWIRE_SETTLE_IDLE_SECONDS: '2' },
      }),
    );
    await registerWithArchwire(archwire, storescp);
    await registerWithOrthanc(orthanc, storescp);
    const associations = await measureAssociations(archwire);
    sayPart('associations', associations);
    const retrieve = await measureRetrieve(folder, archwire, orthanc, storescp);
    sayPart('retrieve', retrieve);
    const find = await measureFind(folder, archwire, [orthanc]);
    sayPart('find', find);
    await Promise.all([archwire.stop(), orthanc.stop(), storescp.stop()]);
    const patientId = await measurePatientId();

    const speed = (load: string, how: RetrieveFigures['how'], peer?: Peer): number =>
      retrieve.find(
        (one) => one.load === load && one.how === how && (peer === undefined || one.peer === peer.name),
      )?.megabytesPerSecond ?? Number.NaN;
    const times = ({ how, megabytesPerSecond }: RetrieveFigures, other: number): string =>
      how === 'dcmsend' || Number.isNaN(other) ? '' : (megabytesPerSecond / other).toFixed(2);
    const finds = markdownTable(
      ['C-FIND, STUDY level', 'answers', 'first answer ms', 'all ms', '× Orthanc'],
      find.map(({ allMs, answers, firstMs, peer }) => [
        peer,
        String(answers),
        firstMs.toFixed(1),
        allMs.toFixed(0),
        ((find.find((one) => one.peer === orthanc.name)?.allMs ?? Number.NaN) / allMs).toFixed(2),
      ]),
    );
    const transfers = markdownTable(
      ['load', 'how', 'from', 'MB/s', '× Orthanc', '× dcmsend', 'resident, before → peak'],
      retrieve.map((one) => [
        one.load,
        one.how,
        one.how === 'dcmsend' ? 'dcmsend' : one.peer,
        one.megabytesPerSecond.toFixed(0),
        times(one, speed(one.load, one.how, orthanc)),
        one.how === 'C-MOVE' ? times(one, speed(one.load, 'dcmsend')) : '',
        one.megabytes === null ? '' : range(one.megabytes),
      ]),
    );
    const [descriptorsBefore, descriptorsAfter] = associations.descriptors;
    const [residentBefore, residentOpen, residentAfter] = associations.megabytes;
    const others = markdownTable(
      ['what', 'measured'],
      [
        [
          'C-FIND STUDY by PatientID in 1,000,000 studies: p50, p95, answers',
          `${patientId.p50.toFixed(1)} ms, ${patientId.p95.toFixed(1)} ms, ${patientId.answers.toFixed(0)}`,
        ],
        [
          '200 associations opened at once, each answered a C-ECHO',
          `${associations.atOnceSeconds.toFixed(2)} s`,
        ],
        ['2,000 associations with a C-ECHO, 20 at a time', `${associations.perSecond.toFixed(0)} a second`],
        ['descriptors before and after', `${descriptorsBefore}, ${descriptorsAfter}`],
        [
          'resident memory before, with 200 open, after',
          `${residentBefore.toFixed(0)}, ${residentOpen.toFixed(0)}, ${residentAfter.toFixed(0)} MB`,
        ],
      ],
    );
    return {
      table: [finds, transfers, others].join('\n\n'),
      figures: { find, retrieve, patientId, associations },
    };
  } finally {
    await Promise.all(started.map((peer) => peer.stop()));
    await rm(folder, { recursive: true, force: true });
  }
};
