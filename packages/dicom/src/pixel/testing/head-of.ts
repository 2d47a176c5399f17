import { readDataSet } from '../../read-data-set.ts';
import { inflateDataSet } from '../../inflate-data-set.ts';
import { readPart10 } from '../../read-part10.ts';
import type { FrameHead } from '../frame-head.ts';
import { part10 } from './part10.ts';
import { readInstanceHead } from '../../read-instance-head.ts';

const { header: anyHeader } = readInstanceHead(part10({ elements: {} }));

/** The pixel part of a head, also of sample files that no archive would take because a UID is missing. */
export function headOf(bytes: Buffer): FrameHead {
  const { dataSetOffset, deflated, encoding, TransferSyntaxUID } = readPart10(bytes);
  const readable = deflated ? inflateDataSet(bytes, dataSetOffset) : bytes;
  const dataSet = readDataSet(readable, dataSetOffset, encoding);
  const place = ([0x7fe00010, 0x7fe00008, 0x7fe00009] as const)
    .map((tag) => ({ tag, element: dataSet.elements[`x${tag.toString(16)}`] }))
    .find(({ element }) => element !== undefined);
  const element = place?.element;
  const frames = Math.max(1, Number.parseInt(dataSet.string('x00280008') ?? '1', 10) || 1);
  return {
    header: {
      ...anyHeader,
      SOPInstanceUID: dataSet.string('x00080018') ?? anyHeader.SOPInstanceUID,
      TransferSyntaxUID,
      NumberOfFrames: frames,
    },
    dataSet,
    pixelData:
      place === undefined || element === undefined
        ? null
        : {
            offset: element.dataOffset,
            length: element.hadUndefinedLength === true ? undefined : element.length,
            encapsulated: element.hadUndefinedLength === true,
            tag: place.tag,
            vr: element.vr ?? 'OW',
          },
  };
}
