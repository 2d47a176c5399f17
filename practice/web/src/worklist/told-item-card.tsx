import { Badge, Button, Dialog, personName, useText } from '@archwire/ui';
import { useState } from 'react';
import { AttributeLines } from '../patients/attribute-lines.tsx';
import { DataSet } from '../patients/dicom-json.ts';
import { usePatientWords } from '../patients/use-patient-words.ts';
import { messages } from './messages.ts';
import type { ToldItem } from './order.ts';
import styles from './worklist.module.css';

const dayOf = (date: string): string | null =>
  /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : null;
const timeOf = (time: string): string => `${time.slice(0, 2)}:${time.slice(2, 4)}`;

/** One line of a device's worklist, as its screen would show it, and every attribute of the answer on request. */
export const ToldItemCard = ({ item }: { readonly item: ToldItem }) => {
  const text = useText(messages);
  const words = usePatientWords();
  const [isOpen, setIsOpen] = useState(false);
  const name = personName(item.patientName, 'sorted') ?? text('noName');
  const dataSet = DataSet.safeParse(item.dataSet);
  const status = item.scheduledProcedureStepStatus;
  return (
    <li className={styles.toldItem}>
      <div className={styles.toldHead}>
        <time className={styles.time}>{timeOf(item.startTime)}</time>
        <strong>{name}</strong>
        <Badge>{item.modality}</Badge>
      </div>
      <span>
        {[item.patientId, words.born(dayOf(item.patientBirthDate)), words.sex(item.patientSex)]
          .filter((fact) => fact !== undefined && fact !== '')
          .join(' · ')}
      </span>
      <span>
        {item.scheduledProcedureStepDescription} · <code>{item.accessionNumber}</code>
      </span>
      <div className={styles.toldFoot}>
        <span>
          <code>{item.scheduledStationAeTitle}</code>
          {status !== '' && <> · {status}</>}
        </span>
        <Button tone="ghost" onPress={() => setIsOpen(true)} aria-label={text('attributesOf', { name })}>
          {text('attributes')}
        </Button>
      </div>
      {isOpen && (
        <Dialog
          isOpen
          kind="drawer"
          onClose={() => setIsOpen(false)}
          title={name}
          lead={text('attributesLead')}
        >
          {dataSet.success ? <AttributeLines dataSet={dataSet.data} /> : <p>{text('failed')}</p>}
        </Dialog>
      )}
    </li>
  );
};
