import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '@archwire/contracts';

const VERSION = 'v1.';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What may not be read from a dump of the database: sealed with, or hashed under, the installation's key. */
export interface SecretBox {
  /** AES-256-GCM. `context` binds the secret to its row: moved to another one it does not open. */
  seal(text: string, context: string): string;
  /** @throws AppError `internal` when it was not sealed by this key for this context. */
  open(sealed: string, context: string): string;
  isSealed(text: string): boolean;
  /** HMAC-SHA-256: always the same for the same words, and worthless without the key. */
  mac(purpose: string, text: string): Buffer;
}

const subkey = (key: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `archwire ${purpose}`, 32));

export const createSecretBox = (key: Uint8Array): SecretBox => {
  const sealing = subkey(key, 'seal');
  const hashing = subkey(key, 'mac');
  return {
    isSealed: (text) => text.startsWith(VERSION),
    seal: (text, context) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return VERSION + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed, context) => {
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, IV_BYTES))
          .setAAD(Buffer.from(context))
          .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        return (
          decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch (cause) {
        throw new AppError('internal', 'A sealed secret does not open with the key of this server.', {
          cause,
        });
      }
    },
    mac: (purpose, text) => createHmac('sha256', hashing).update(`${purpose}\n${text}`).digest(),
  };
};
