const FREE_FAILURES = 5;
const FIRST_DELAY_SECONDS = 30;
const LONGEST_DELAY_SECONDS = 15 * 60;

/** How long an account rests after this many failures in a row: nothing for the first four, then 30 s, doubling to 15 minutes. */
export const lockoutSeconds = (failures: number): number =>
  failures < FREE_FAILURES
    ? 0
    : Math.min(FIRST_DELAY_SECONDS * 2 ** (failures - FREE_FAILURES), LONGEST_DELAY_SECONDS);
