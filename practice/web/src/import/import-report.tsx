import { importsApi } from '@archwire/contracts/api/imports';
import { useEndpoint } from '../api/use-endpoint.ts';
import { ImportProblems } from './import-problems.tsx';
import { ImportStudies } from './import-studies.tsx';
import { OutcomeCounts } from './outcome-counts.tsx';

/** What an import brought so far: numbers, studies, and what to look at. */
export const ImportReport = ({
  importId,
  isRunning,
  unreadable = [],
}: {
  readonly importId: string;
  readonly isRunning: boolean;
  readonly unreadable?: readonly string[];
}) => {
  const { data } = useEndpoint(
    importsApi.get,
    { params: { id: importId } },
    { refetchInterval: isRunning ? 1000 : false },
  );
  return (
    <>
      {data !== undefined && <OutcomeCounts counts={data.counts} />}
      <ImportStudies importId={importId} isRunning={isRunning} />
      <ImportProblems importId={importId} show="problems" isRunning={isRunning} unreadable={unreadable} />
      <ImportProblems importId={importId} show="skipped" isRunning={isRunning} />
    </>
  );
};
