import { NO_FIND_OPTIONS, type FindOptions } from './query-models.ts';

/** Relational queries, combined date and time, fuzzy names (PS3.4 table C.5.1-1); what follows is not granted. */
const GRANTED = 3;

/** What a proposer's Service Class Application Information turns on for a FIND class. */
export const findOptions = (information: Buffer | undefined): FindOptions =>
  information === undefined
    ? NO_FIND_OPTIONS
    : {
        relational: information[0] === 1,
        combinedDateTime: information[1] === 1,
        fuzzy: information[2] === 1,
        emptyValue: false,
      };

/** What we grant of it: as long as what was proposed. */
export const grantFindOptions = (information: Buffer): Buffer =>
  Buffer.from(information.map((byte, at) => (at < GRANTED && byte === 1 ? 1 : 0)));
