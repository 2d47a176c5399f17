import {
  Hint,
  IconButton,
  ImageStage,
  Lightbox,
  Link,
  Status,
  useFormat,
  useText,
  useViewName,
} from '@archwire/ui';
import { ChevronLeft, ChevronRight, Download, ListTree, Tag } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { AttributeList } from './attribute-list.tsx';
import { calibrationOf } from './calibration.ts';
import { FrameSlider } from './frame-slider.tsx';
import styles from './image-viewer.module.css';
import { isLossy } from './is-lossy.ts';
import { frameSources, pictureOf, stageSources } from './pictures.ts';
import type { StudyImage } from './study-image.ts';
import { studyMessages } from './study-messages.ts';
import { CorrectImage } from '../views/correct-image.tsx';
import { messages as viewMessages } from '../views/messages.ts';
import { useOriginWords } from '../views/use-origin-words.ts';
import { instanceAddress, useAttributes } from './use-attributes.ts';

const SPACING_DIGITS = 4;

/** One image of a study over the whole screen, with what it says of itself. */
export const ImageViewer = ({
  studyInstanceUid,
  images,
  image,
  onShow,
  onClose,
}: {
  readonly studyInstanceUid: string;
  readonly images: readonly StudyImage[];
  readonly image: StudyImage;
  readonly onShow: (image: StudyImage) => void;
  readonly onClose: () => void;
}) => {
  const text = useText(studyMessages);
  const viewText = useText(viewMessages);
  const originWords = useOriginWords();
  const format = useFormat();
  const viewName = useViewName();
  const [search] = useSearchParams();
  const [beside, setBeside] = useState<'attributes' | 'view' | undefined>(
    search.get('beside') === 'view' ? 'view' : undefined,
  );
  const toggle = (what: 'attributes' | 'view'): void => setBeside(beside === what ? undefined : what);
  const [chosen, setChosen] = useState<{ readonly instanceId: string; readonly frame: number }>();
  const { data: attributes } = useAttributes(studyInstanceUid, image);
  const at = images.indexOf(image);
  const step = (by: -1 | 1): void => {
    const next = images[at + by];
    if (next !== undefined) onShow(next);
  };
  const name = viewName(image);
  const title =
    image.instanceNumber === null ? name : text('image', { view: name, number: image.instanceNumber });
  const { picture } = image;
  const calibration =
    attributes === undefined || attributes === null ? undefined : calibrationOf(attributes, image.view);
  const spacing =
    calibration?.spacing === undefined ? '' : Number(calibration.spacing.toFixed(SPACING_DIGITS));
  const hasPicture = picture !== null && picture.placeholderReason === null;
  const frames = hasPicture ? (image.frames ?? 1) : 1;
  const frame = chosen?.instanceId === image.instanceId ? chosen.frame : undefined;
  const exact = calibration?.source === 'calibrated' || calibration?.source === 'corrected';

  return (
    <Lightbox
      isOpen
      onClose={onClose}
      title={title}
      meta={
        <>
          <span>{text('of', { at: at + 1, count: images.length })}</span>
          {image.origin !== null && <span>{originWords(image)}</span>}
          {hasPicture && (
            <span>{text('fullResolution', { width: picture.width, height: picture.height })}</span>
          )}
          {frames > 1 && frame === undefined && picture !== null && (
            <span>{text('representative', { frame: picture.frame, count: format.number(frames) })}</span>
          )}
          {hasPicture && calibration !== undefined && (
            <span title={text(`${calibration.source}Hint`, { spacing })}>
              <Status tone={exact ? 'ok' : 'warn'} quiet>
                {text(calibration.source === 'panoramic' ? 'uncalibrated' : calibration.source)}
              </Status>
            </span>
          )}
          {hasPicture && isLossy(image.transferSyntaxUid, attributes ?? undefined) && (
            <span title={text('lossyHint')}>
              <Status tone="info" quiet>
                {text('lossy')}
              </Status>
            </span>
          )}
          {image.conflicted && (
            <Status tone="warn" quiet>
              {text('conflicted')}
            </Status>
          )}
        </>
      }
      actions={
        <>
          <IconButton
            icon={ChevronLeft}
            label={text('previous')}
            onPress={() => step(-1)}
            isDisabled={at <= 0}
          />
          <IconButton
            icon={ChevronRight}
            label={text('next')}
            onPress={() => step(1)}
            isDisabled={at >= images.length - 1}
          />
          <IconButton
            icon={Tag}
            label={viewText('whatShows')}
            aria-pressed={beside === 'view'}
            onPress={() => toggle('view')}
          />
          <IconButton
            icon={ListTree}
            label={text('attributes')}
            aria-pressed={beside === 'attributes'}
            onPress={() => toggle('attributes')}
          />
          <Hint text={text('download')}>
            <Link
              look="ghost"
              aria-label={text('download')}
              href={`${instanceAddress(studyInstanceUid, image)}?accept=application/dicom`}
              download={`${image.sopInstanceUid}.dcm`}
            >
              <Download size={16} aria-hidden />
            </Link>
          </Hint>
        </>
      }
      {...(beside === undefined
        ? {}
        : {
            aside:
              beside === 'view' ? (
                <CorrectImage key={image.instanceId} image={image} />
              ) : (
                <AttributeList key={image.instanceId} studyInstanceUid={studyInstanceUid} image={image} />
              ),
          })}
    >
      <div className={styles.stageAndFrames}>
        <ImageStage
          key={image.instanceId}
          label={`${title}. ${text('keys')}`}
          takesFocus
          onStep={step}
          sources={
            frame === undefined
              ? stageSources(image)
              : frameSources(instanceAddress(studyInstanceUid, image), image, frame)
          }
          reason={pictureOf(image).reason}
          recover={pictureOf(image).recover}
          name={name}
          alt={title}
        />
        {frames > 1 && picture !== null && (
          <FrameSlider
            count={frames}
            frame={frame ?? picture.frame}
            onChange={(next) => setChosen({ instanceId: image.instanceId, frame: next })}
          />
        )}
      </div>
    </Lightbox>
  );
};
