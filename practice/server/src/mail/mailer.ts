import { AppError } from '@archwire/contracts';
import { createTransport } from 'nodemailer';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** Resolves when the server has taken the mail. @throws AppError `unavailable`, to be tried again. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/** Sends through the SMTP server of `url` (`smtp://` with STARTTLS where it is offered, `smtps://` with TLS from the start). */
export const createMailer = (options: { readonly url: string; readonly from: string }): Mailer => {
  const transport = createTransport({
    url: options.url,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail) => {
      try {
        await transport.sendMail({ from: options.from, ...mail });
      } catch (error) {
        // Not as the cause: the server's answer quotes the address.
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        throw new AppError(
          'unavailable',
          `The SMTP server did not take the mail (${code}). Check ARCHWIRE_SMTP_URL.`,
          {
            details: { code },
          },
        );
      }
    },
    close: () => transport.close(),
  };
};
