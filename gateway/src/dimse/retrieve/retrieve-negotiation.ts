/** Relational retrieval (PS3.4 table C.5.2-1) is granted; what follows is not. */
export const grantRetrieveOptions = (information: Buffer): Buffer =>
  Buffer.from(information.map((byte, at) => (at === 0 && byte === 1 ? 1 : 0)));

/** Whether it was negotiated: keys above the level may then be left out. */
export const isRelational = (information: Buffer | undefined): boolean => information?.[0] === 1;
