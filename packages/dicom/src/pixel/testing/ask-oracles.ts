import { execFileSync } from 'node:child_process';

/** What each oracle that can decode an object says of its stored values: digest by the oracle's name. */
export type OracleAnswers = ReadonlyMap<string, string>;

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Asks pydicom, GDCM, DCMTK and OpenJPEG about files; with `keep` their values are left there as `<index>.<oracle>`. */
export function askOracles(paths: readonly string[], keep?: string): ReadonlyMap<string, OracleAnswers> {
  const script = new URL('pixel-oracle.py', import.meta.url).pathname;
  const answers: unknown = JSON.parse(
    execFileSync('/usr/bin/python3', [script, ...(keep === undefined ? [] : [keep])], {
      input: `${paths.join('\n')}\n`,
      stdio: ['pipe', 'pipe', 'ignore'],
    }).toString(),
  );
  return new Map(
    Object.entries(record(answers)).map(([path, given]) => [
      path,
      new Map(
        Object.entries(record(given)).flatMap(([oracle, digest]) =>
          typeof digest === 'string' ? [[oracle, digest] as const] : [],
        ),
      ),
    ]),
  );
}
