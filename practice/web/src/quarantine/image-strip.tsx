import { classes, ImageStage, Picture, useText, useViewName } from '@archwire/ui';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { session } from '../api/session.ts';
import { messages } from './messages.ts';
import { pictureAddress } from './picture-address.ts';
import styles from './quarantine.module.css';
import type { QuarantinedStudy } from './quarantined-study.ts';

/** A preview fits into a square of so many pixels. */
const PREVIEW = 800;

const sourcesOf = (image: QuarantinedStudy['images'][number]) => {
  const [preview, display] = [pictureAddress(image, 'preview'), pictureAddress(image, 'display')];
  if (image.picture === null || preview === null || display === null) return [];
  const { width, height } = image.picture;
  const shrunk = Math.min(1, PREVIEW / Math.max(width, height));
  return [
    { src: preview, width: Math.round(width * shrunk), height: Math.round(height * shrunk) },
    { src: display, width, height },
  ];
};

/** The images of a study: one large, to look into, and the others to choose from. */
export const ImageStrip = ({ study }: { readonly study: QuarantinedStudy }) => {
  const text = useText(messages);
  const viewName = useViewName();
  const [at, setAt] = useState(0);
  const { images, instanceCount } = study;
  const image = images[at] ?? images[0];
  if (image === undefined) return <p className={styles.quiet}>{text('noPictures')}</p>;
  const label = text('picture', { number: at + 1, count: instanceCount });
  return (
    <div className={styles.pictures}>
      <div className={styles.stage}>
        <ImageStage
          key={image.instanceId}
          label={`${viewName(image)}. ${label}`}
          wheel="ctrl"
          sources={sourcesOf(image)}
          alt={viewName(image)}
          name={viewName(image)}
          reason={image.picture?.placeholderReason ?? null}
          recover={session.renew}
        />
      </div>
      {images.length > 1 && (
        <ul className={styles.strip} aria-label={text('images', { count: instanceCount })}>
          {images.map((each, index) => (
            <li key={each.instanceId}>
              <Button
                className={classes(styles.thumb)}
                aria-label={`${viewName(each)}. ${text('picture', { number: index + 1, count: instanceCount })}`}
                aria-current={index === at}
                onPress={() => setAt(index)}
              >
                <Picture
                  src={pictureAddress(each, 'thumbnail')}
                  alt=""
                  name={viewName(each)}
                  reason={each.picture?.placeholderReason ?? null}
                  recover={session.renew}
                />
              </Button>
            </li>
          ))}
          {instanceCount > images.length && (
            <li className={styles.rest}>{text('moreImages', { count: instanceCount - images.length })}</li>
          )}
        </ul>
      )}
    </div>
  );
};
