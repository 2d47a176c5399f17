import { DICOM_SERVICES, type DicomService } from '@archwire/contracts/dicom-service';
import { Checkbox, Switch, useText } from '@archwire/ui';
import { useId } from 'react';
import styles from './devices.module.css';
import { messages } from './messages.ts';

/** What a device may ask for, each service with the sentence that says what it means. */
export const ServicesField = ({
  services,
  notifyAvailability,
  onChange,
  onNotify,
  isDisabled,
}: {
  readonly services: readonly DicomService[];
  readonly notifyAvailability: boolean;
  readonly onChange: (services: readonly DicomService[]) => void;
  readonly onNotify: (notify: boolean) => void;
  readonly isDisabled: boolean;
}) => {
  const text = useText(messages);
  const id = useId();
  const toggle = (service: DicomService, isAllowed: boolean) =>
    onChange(DICOM_SERVICES.filter((each) => (each === service ? isAllowed : services.includes(each))));
  return (
    <section className={styles.services} aria-labelledby={id}>
      <h3 id={id} className={styles.part}>
        {text('services')}
      </h3>
      <div role="group" aria-labelledby={id} className={styles.serviceList}>
        {DICOM_SERVICES.map((service) => (
          <Checkbox
            key={service}
            isSelected={services.includes(service)}
            onChange={(isAllowed) => toggle(service, isAllowed)}
            isDisabled={isDisabled}
          >
            <span className={styles.service}>
              <strong>{text(`service-${service}`)}</strong>
              <span>{text(`service-${service}-hint`)}</span>
            </span>
          </Checkbox>
        ))}
      </div>
      {services.length === 0 && <p className={styles.quiet}>{text('onlyReceives')}</p>}
      <Switch isSelected={notifyAvailability} onChange={onNotify} isDisabled={isDisabled}>
        <span className={styles.service}>
          <strong>{text('notifyAvailability')}</strong>
          <span>{text('notifyAvailabilityHint')}</span>
        </span>
      </Switch>
    </section>
  );
};
