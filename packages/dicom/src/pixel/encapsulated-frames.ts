import { AppError } from '@archwire/contracts/app-error';
import type { DataSet } from 'dicom-parser';
import { assertFrameFits } from './assert-decodable.ts';
import { fragmentReader, type Fragment } from './fragment-reader.ts';
import type { FrameSource } from './frame-source.ts';
import { readOffsetTables } from './offset-tables.ts';
import type { StoredBytes } from './stored-bytes.ts';

interface EncapsulatedParts {
  readonly dataSet: DataSet;
  /** Bytes to the item that holds the Basic Offset Table. */
  readonly start: number;
  readonly count: number;
  readonly stored: StoredBytes;
}

/** Frames of encapsulated Pixel Data (PS3.5 A.4). Offset tables are believed only where an item really starts there. */
export function encapsulatedFrames(parts: EncapsulatedParts): Pick<FrameSource, 'frame' | 'frameRanges'> {
  const { dataSet, start, count, stored } = parts;
  const reader = fragmentReader(stored);
  let tables: ReturnType<typeof readOffsetTables> | undefined;
  let scanned: Promise<readonly (readonly Fragment[])[]> | undefined;

  const scan = () =>
    (scanned ??= (async () => {
      const { firstFragment } = await (tables ??= readOffsetTables({
        dataSet,
        start,
        count,
        stored,
        reader,
      }));
      return groupByFrame(await reader.fragments(firstFragment, undefined), count);
    })());

  const locate = async (frameNumber: number): Promise<readonly Fragment[]> => {
    const { firstFragment, offsets } = await (tables ??= readOffsetTables({
      dataSet,
      start,
      count,
      stored,
      reader,
    }));
    if (offsets !== undefined) {
      const from = offsets[frameNumber - 1];
      const next = offsets[frameNumber];
      if (from !== undefined && (await reader.isItem(firstFragment + from))) {
        const end = next === undefined ? undefined : firstFragment + next;
        const fragments = await reader.fragments(firstFragment + from, end);
        const last = fragments.at(-1);
        if (last !== undefined && (end === undefined || last.offset + last.length === end)) return fragments;
      }
    }
    return (await scan())[frameNumber - 1] ?? [];
  };

  return {
    frame: async (frameNumber) => {
      const fragments = await locate(frameNumber);
      assertFrameFits(fragments.reduce((sum, { length }) => sum + length, 0));
      const chunks = [];
      for (const { offset, length } of fragments) {
        if (offset + length > stored.length) throw cut(frameNumber);
        chunks.push(await stored.read(offset, length));
      }
      const [only] = chunks;
      return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    },
    frameRanges: async (frameNumber) => {
      const fragments = await locate(frameNumber);
      if (fragments.some(({ offset, length }) => offset + length > stored.length)) throw cut(frameNumber);
      return fragments.map(({ offset, length }) => ({ offset, length }));
    },
  };
}

const cut = (frameNumber: number) =>
  new AppError('invalid', 'A fragment of Pixel Data is longer than the object: it was written incomplete.', {
    details: { frameNumber },
  });

/**
 * Without a table: one fragment per frame when the numbers agree, otherwise a frame starts where a fragment starts with a
 * start-of-image marker (JPEG and JPEG-LS `FFD8FF`, JPEG 2000 `FF4FFF51`, JP2 signature box).
 */
function groupByFrame(fragments: readonly Fragment[], count: number): readonly (readonly Fragment[])[] {
  if (count === 1 && fragments.length > 0) return [fragments];
  if (fragments.length === count) return fragments.map((fragment) => [fragment]);
  const frames: Fragment[][] = [];
  for (const fragment of fragments) {
    const last = frames.at(-1);
    if (last === undefined || fragment.startsImage) frames.push([fragment]);
    else last.push(fragment);
  }
  if (frames.length !== count) {
    throw new AppError('invalid', 'The fragments of Pixel Data do not match Number of Frames.', {
      details: { fragments: fragments.length, framesFound: frames.length, NumberOfFrames: count },
    });
  }
  return frames;
}
