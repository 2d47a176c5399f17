import { buildPart10Meta } from '@archwire/dicom';

import type { Journal } from '../journal/journal.ts';
import type { Indexer } from './indexer.ts';
import type { Ingest } from './ingest.ts';
import { createObjectSink } from './object-sink.ts';

/** The door: bytes to the journal, what they are to the indexer. */
export const createIngest = (deps: { readonly journal: Journal; readonly indexer: Indexer }): Ingest => ({
  begin(source, command) {
    const sink = createObjectSink(deps, source, command.SOPInstanceUID);
    sink.write(buildPart10Meta({ ...command, sourceAe: source.callingAe }));
    return sink;
  },
  beginPart10: (source) => createObjectSink(deps, source, null),
});
