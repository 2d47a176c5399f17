import type { EndpointResponse } from '@archwire/contracts/api';
import type { auditApi } from '@archwire/contracts/api/audit';
import { Status, useFormat, useText } from '@archwire/ui';
import styles from './audit.module.css';
import { messages } from './messages.ts';

/** What the verification of the hash chain found. */
export const ChainReport = ({ report }: { readonly report: EndpointResponse<typeof auditApi.verify> }) => {
  const text = useText(messages);
  const format = useFormat();
  const { broken, firstSeq, lastSeq, headHash, verifiedAt } = report;
  const count = firstSeq === null || lastSeq === null ? 0 : lastSeq - firstSeq + 1;
  return (
    <div className={styles.chain} role="status">
      {broken === null ? (
        <Status tone="ok" quiet>
          {count === 0 ? text('empty') : text('intact', { count, time: format.time(verifiedAt) })}
        </Status>
      ) : (
        <Status tone="danger" quiet>
          {text('broken', { seq: broken.seq, reason: text(`reason-${broken.reason}`) })}
        </Status>
      )}
      {headHash !== null && (
        <>
          <span className={styles.small}>{text('head')}</span>
          <code>{headHash}</code>
        </>
      )}
    </div>
  );
};
