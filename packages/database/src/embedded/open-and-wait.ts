import { openDatabase } from '../open-database.ts';

/** A stand-in for a gateway in tests that kill one: opens the data folder given as argument and stays. */
await openDatabase({ dataDir: process.argv[2] ?? '' });
process.send?.('open');
setInterval(() => {}, 1000);
