import { Badge, Button, Status, toasts, useText } from '@archwire/ui';
import { ChevronRight, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { classes } from '@archwire/ui';
import type { ApiOperation } from './api-document.ts';
import styles from './developer-page.module.css';
import { curlOf } from './example.ts';
import { messages } from './messages.ts';
import { SchemaView } from './schema-view.tsx';

const Details = ({ operation }: { readonly operation: ApiOperation }) => {
  const text = useText(messages);
  const curl = curlOf(operation, location.origin);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(curl);
      toasts.show({ text: text('copied'), tone: 'ok' });
    } catch {
      toasts.show({ text: text('notCopied'), tone: 'warn' });
    }
  };
  return (
    <div className={styles.details}>
      <div>
        {operation.parameters.length > 0 && (
          <>
            <h4>{text('parameters')}</h4>
            <ul className={styles.schema}>
              {operation.parameters.map((parameter) => (
                <li key={`${parameter.in} ${parameter.name}`}>
                  <p>
                    <code>{parameter.name}</code>
                    <span className={styles.kind}>
                      {text(parameter.in === 'path' ? 'inPath' : 'inQuery')}
                    </span>
                    {!parameter.required && <em>{text('optional')}</em>}
                  </p>
                  <SchemaView schema={parameter.schema} />
                </li>
              ))}
            </ul>
          </>
        )}
        {operation.body !== null && (
          <>
            <h4>{text('body')}</h4>
            <SchemaView schema={operation.body} />
          </>
        )}
        {operation.bytes !== null && (
          <>
            <h4>{text('body')}</h4>
            <p className={styles.kind}>{operation.bytes}</p>
          </>
        )}
        <h4>
          {text('answer')} <Badge>{operation.status}</Badge>
        </h4>
        {operation.answer === null ? (
          <p className={styles.quiet}>{text('noAnswer')}</p>
        ) : (
          <SchemaView schema={operation.answer} />
        )}
        <p className={styles.quiet}>{text('problem')}</p>
      </div>
      <div className={styles.example}>
        <p>
          <b>{text('example')}</b>
          <Button tone="ghost" onPress={() => void copy()}>
            <Copy size={14} aria-hidden />
            {text('copy')}
          </Button>
        </p>
        {/* Scrolls sideways: it must be reachable by keys. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0} aria-label={text('example')}>
          {curl}
        </pre>
      </div>
    </div>
  );
};

/** One line; opened, everything that one must know to call it. */
export const OperationView = ({ operation }: { readonly operation: ApiOperation }) => {
  const text = useText(messages);
  const [isOpen, setOpen] = useState(false);
  return (
    <Disclosure className={classes(styles.operation)} isExpanded={isOpen} onExpandedChange={setOpen}>
      <Heading level={3}>
        <AriaButton slot="trigger" className={classes(styles.trigger)}>
          <ChevronRight size={15} aria-hidden />
          <span className={styles.method} data-method={operation.method}>
            {operation.method.toUpperCase()}
          </span>
          <code>{operation.path}</code>
          <span className={styles.summary}>{operation.summary}</span>
        </AriaButton>
      </Heading>
      <DisclosurePanel className={classes(styles.panel)}>
        {isOpen && (
          <>
            <p className={styles.access}>
              <Status tone={operation.access === 'open' ? 'info' : 'idle'} quiet>
                {text(operation.access)}
              </Status>
              {operation.permission !== null && (
                <span>
                  {text('permission')} <code>{operation.permission}</code>
                </span>
              )}
            </p>
            <Details operation={operation} />
          </>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
};
