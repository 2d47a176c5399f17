import { Badge, Card, Status, useFormat, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import styles from './operations-page.module.css';
import type { Installation } from './overview.ts';

const TIGHT = 0.9;

const Disk = ({ disk }: { readonly disk: NonNullable<Installation['nodes'][number]['disk']> }) => {
  const text = useText(messages);
  const format = useFormat();
  const used = 1 - disk.freeBytes / Math.max(disk.totalBytes, 1);
  return (
    <div className={styles.meter} data-tight={used > TIGHT || undefined}>
      <p>
        <span>{text('disk')}</span>
        <b>{text('diskOf', { free: format.bytes(disk.freeBytes), total: format.bytes(disk.totalBytes) })}</b>
      </p>
      <div aria-hidden>
        <span style={{ width: `${used * 100}%` }} />
      </div>
    </div>
  );
};

/** Every process of the installation, as it last said of itself. */
export const NodeList = ({ nodes }: { readonly nodes: Installation['nodes'] }) => {
  const text = useText(messages);
  const format = useFormat();
  return (
    <Card title={text('processes')}>
      <ul className={styles.nodes}>
        {nodes.map((node) => (
          <li key={node.id}>
            <p className={styles.nodeHead}>
              <b>{node.name}</b>
              <Status tone={node.alive ? 'ok' : 'warn'} quiet>
                {node.alive ? text('alive') : text('gone', { when: format.relative(node.seenAt) })}
              </Status>
            </p>
            <p className={styles.badges}>
              {node.services.map((service) => (
                <Badge key={service}>{service}</Badge>
              ))}
              <span>
                {node.version} · {text('started', { when: format.relative(node.startedAt) })}
              </span>
            </p>
            {node.disk !== null && <Disk disk={node.disk} />}
            <dl className={styles.facts}>
              <div>
                <dt>{text('journal')}</dt>
                <dd>
                  {text('journalOf', {
                    bytes: format.bytes(node.journal.bytes),
                    files: node.journal.files,
                  })}
                  {node.journal.unsettled > 0 && (
                    <small>{text('journalWaits', { count: node.journal.unsettled })}</small>
                  )}
                </dd>
              </div>
              <div>
                <dt>{text('memory')}</dt>
                <dd>{format.bytes(node.memoryBytes)}</dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
    </Card>
  );
};
