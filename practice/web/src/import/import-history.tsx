import {
  Button,
  Card,
  type DroppedFile,
  Link,
  Status,
  type StatusTone,
  useFormat,
  useText,
} from '@archwire/ui';
import type { EndpointResponse } from '@archwire/contracts/api';
import { importsApi } from '@archwire/contracts/api/imports';
import { FileTrigger } from 'react-aria-components';
import { useEndpoint } from '../api/use-endpoint.ts';
import styles from './import-page.module.css';
import { messages } from './messages.ts';
import { uploadState } from './upload-state.ts';
import { uploader } from './uploader.ts';

type Past = EndpointResponse<typeof importsApi.list>['imports'][number];

const TONES: Readonly<Record<Past['state'], StatusTone>> = {
  open: 'warn',
  finishing: 'info',
  done: 'ok',
  cancelled: 'idle',
  abandoned: 'idle',
};

const chosen = (list: FileList | null): DroppedFile[] =>
  [...(list ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }));

const Row = ({ past }: { readonly past: Past }) => {
  const text = useText(messages);
  const format = useFormat();
  const { counts } = past;
  const images = (counts.outcomes['stored'] ?? 0) + (counts.outcomes['quarantined'] ?? 0);
  const arrived = counts.files - counts.waiting - counts.arriving;
  return (
    <li className={styles.past}>
      <div>
        <Link href={`/import/${past.id}`} look="quiet">
          {past.source ?? format.dateTime(past.createdAt)}
        </Link>
        <p>
          {[
            past.source === null ? null : format.dateTime(past.createdAt),
            past.locationName,
            past.createdBy,
            past.state === 'open'
              ? text('unfinished', { done: format.number(arrived), total: past.expectedFiles })
              : text('stored', { count: images }),
          ]
            .filter((word) => word !== null)
            .join(' · ')}
        </p>
        {past.state === 'open' && <p>{text('resumeHint')}</p>}
      </div>
      <Status tone={TONES[past.state]} quiet>
        {text(past.state)}
      </Status>
      {past.state === 'open' ? (
        <FileTrigger acceptDirectory onSelect={(list) => void uploader.resume(past.id, chosen(list))}>
          <Button>{text('resume')}</Button>
        </FileTrigger>
      ) : (
        <span />
      )}
    </li>
  );
};

/** Earlier imports, those that wait to be finished among them. */
export const ImportHistory = () => {
  const text = useText(messages);
  const { importId } = uploadState.use();
  // Whoever comes here from an import must see it, also when the list is known already.
  const { data } = useEndpoint(
    importsApi.list,
    {},
    {
      refetchOnMount: 'always',
      refetchInterval: ({ state }) =>
        state.data?.imports.some(({ state: now }) => now === 'finishing') === true ? 2000 : false,
    },
  );
  const imports = (data?.imports ?? []).filter(({ id }) => id !== importId);
  if (data === undefined) return null;
  return (
    <Card title={text('history')}>
      {imports.length === 0 ? (
        <p className={styles.quiet}>{text('historyNone')}</p>
      ) : (
        <ul className={styles.history}>
          {imports.map((past) => (
            <Row key={past.id} past={past} />
          ))}
        </ul>
      )}
    </Card>
  );
};
