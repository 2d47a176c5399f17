import type { FirstAdministrator } from '@archwire/practice-server';

interface Facts {
  readonly host: string;
  readonly httpPort: number | null;
  readonly dimsePort: number | null;
  readonly dimseTlsPort: number | null;
  readonly aeTitle: string;
  readonly publicUrl: URL | null;
  readonly firstAdministrator: FirstAdministrator | null;
}

const box = (lines: readonly string[]): string => {
  const width = Math.max(...lines.map((line) => line.length));
  const edge = '─'.repeat(width + 4);
  return [`┌${edge}┐`, ...lines.map((line) => `│  ${line.padEnd(width)}  │`), `└${edge}┘`].join('\n');
};

/** What a person who typed `npm start` needs to know. The one-time password is shown here and never again. */
export const welcome = (facts: Facts): string => {
  const url =
    facts.publicUrl?.href ??
    `http://${facts.host.includes(':') ? `[${facts.host}]` : facts.host}:${facts.httpPort}/`;
  const first = facts.firstAdministrator;
  const lines = [
    'Archwire is ready.',
    ...(facts.httpPort === null ? [] : ['', `Open        ${url}`]),
    ...(facts.dimsePort === null
      ? []
      : [`Send DICOM  ${facts.aeTitle} at ${facts.host}, port ${facts.dimsePort}`]),
    ...(facts.dimseTlsPort === null
      ? []
      : [`     (TLS)  ${facts.aeTitle} at ${facts.host}, port ${facts.dimseTlsPort}`]),
    ...(first === null
      ? []
      : [
          '',
          `E-mail      ${first.email}`,
          ...(first.oneTimePassword === null
            ? ['Password    the one of ARCHWIRE_ADMIN_PASSWORD']
            : [
                `Password    ${first.oneTimePassword}`,
                '',
                'This password works once: you choose your own when you sign in.',
                'It is not shown again.',
              ]),
        ]),
  ];
  return `\n${box(lines)}\n\n`;
};
