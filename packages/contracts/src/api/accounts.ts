import { z } from 'zod';
import { LANGUAGES } from '../languages.ts';
import { ownEndpoint, publicEndpoint } from './endpoint.ts';
import { RoleName } from './role-name.ts';

/** Length is what makes a password strong (NIST SP 800-63B); the upper bound keeps hashing cheap. */
export const NewPassword = z
  .string()
  .min(12, 'A password has at least 12 characters.')
  .max(256, 'A password has at most 256 characters.');
const GivenPassword = z.string().min(1).max(256);
const Next = z.enum(['change-password', 'enrol-totp']).nullable();
const TotpCode = z
  .string()
  .transform((text) => text.replaceAll(/\s/g, ''))
  .pipe(z.string().regex(/^[0-9]{6}$/, 'A code has six digits.'));
const RecoveryCode = z.string().trim().min(1).max(40);
const Instant = z.iso.datetime();
const Email = z.string().trim().min(1).max(254);
export const Language = z.enum(LANGUAGES);
export const Theme = z.enum(['system', 'light', 'dark']);

export const IdParams = z.strictObject({ id: z.uuid() });

export const LoginBody = z.strictObject({
  email: Email,
  password: GivenPassword,
  totp: TotpCode.optional(),
  /** Instead of `totp`, when the telephone is gone. */
  recoveryCode: RecoveryCode.optional(),
});
export const LoginReply = z.object({ accessToken: z.string(), expiresIn: z.int(), next: Next });
/** What the sign-in page may offer before it knows anybody. */
export const SignInOptions = z.object({ passwordReset: z.boolean() });

export const Me = z.object({
  id: z.uuid(),
  tenantId: z.uuid(),
  groupName: z.string(),
  email: z.string(),
  displayName: z.string(),
  role: RoleName,
  permissions: z.array(z.string()),
  totpEnrolled: z.boolean(),
  /** Unused ones; `null` without an authenticator app. */
  recoveryCodesLeft: z.int().nullable(),
  /** `null`: whatever the browser asks for. */
  language: Language.nullable(),
  theme: Theme,
  /** Something about the account's safety that the person has not acknowledged yet. */
  alert: z.object({ kind: z.enum(['token-reused']), at: Instant }).nullable(),
  next: Next,
});
export const ProfileChange = z.strictObject({
  displayName: z.string().trim().min(1).max(200).optional(),
  language: Language.nullable().optional(),
  theme: Theme.optional(),
});

export const PasswordBody = z.strictObject({ current: GivenPassword, next: NewPassword });
/** Whoever has an authenticator app already proves who they are before it is replaced. */
export const TotpBegin = z.strictObject({ password: GivenPassword.optional() });
export const TotpSetup = z.object({ secret: z.string(), uri: z.string(), qrSvg: z.string() });
export const TotpBody = z.strictObject({ code: TotpCode });
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export const PasswordProof = z.strictObject({ password: GivenPassword });

export const ForgottenBody = z.strictObject({ email: Email, language: Language });
/** The secret of a link, in the body because addresses end up in logs. */
const LinkToken = z.string().min(1).max(400);
export const LinkBody = z.strictObject({ token: LinkToken });
export const LinkReply = z.object({
  purpose: z.enum(['invitation', 'password-reset']),
  email: z.string(),
  displayName: z.string(),
});
export const ResetBody = z.strictObject({ token: LinkToken, password: NewPassword });

export const Sessions = z.object({
  sessions: z.array(
    z.object({
      id: z.uuid(),
      address: z.string().nullable(),
      userAgent: z.string().nullable(),
      createdAt: Instant,
      lastUsedAt: Instant,
      current: z.boolean(),
    }),
  ),
});

/** Sign-in and one's own account. */
export const accountsApi = {
  options: publicEndpoint({
    method: 'get',
    path: '/auth/options',
    summary: 'What the sign-in page may offer.',
    response: SignInOptions,
  }),
  login: publicEndpoint({
    method: 'post',
    path: '/auth/login',
    summary: 'Sign in. `next` names what the person must still do; the token opens nothing else before.',
    guarded: true,
    body: LoginBody,
    response: LoginReply,
  }),
  refresh: publicEndpoint({
    method: 'post',
    path: '/auth/refresh',
    // Not guarded: a refresh token cannot be guessed, and every page of a clinic behind one address comes here.
    summary: 'Spend the refresh cookie for a new access token and the next cookie.',
    response: LoginReply,
  }),
  forgottenPassword: publicEndpoint({
    method: 'post',
    path: '/auth/forgotten-password',
    summary:
      'Send a link to choose a new password. The answer is the same whether the address is known or not.',
    guarded: true,
    body: ForgottenBody,
  }),
  readLink: publicEndpoint({
    method: 'post',
    path: '/auth/link',
    summary: 'Whose link this is, before a password is chosen.',
    guarded: true,
    body: LinkBody,
    response: LinkReply,
  }),
  resetPassword: publicEndpoint({
    method: 'post',
    path: '/auth/reset-password',
    summary: 'Choose a password by a link that came by e-mail; ends all sessions.',
    guarded: true,
    body: ResetBody,
  }),
  me: ownEndpoint({
    method: 'get',
    path: '/auth/me',
    summary: 'Who is signed in, and what they may do.',
    response: Me,
  }),
  changeProfile: ownEndpoint({
    method: 'patch',
    path: '/auth/me',
    summary: 'Change your name, language or theme.',
    body: ProfileChange,
  }),
  acknowledgeAlert: ownEndpoint({
    method: 'post',
    path: '/auth/alert/acknowledge',
    summary: 'You have read what happened to your account.',
  }),
  changePassword: ownEndpoint({
    method: 'post',
    path: '/auth/password',
    summary: 'Change your password; ends your other sessions.',
    guarded: true,
    body: PasswordBody,
  }),
  beginTotp: ownEndpoint({
    method: 'post',
    path: '/auth/totp',
    summary: 'Begin to set up an authenticator app, or another one, which needs the password.',
    guarded: true,
    body: TotpBegin,
    response: TotpSetup,
  }),
  confirmTotp: ownEndpoint({
    method: 'post',
    path: '/auth/totp/confirm',
    summary: 'Confirm the authenticator app with its first code. The recovery codes are shown once.',
    guarded: true,
    body: TotpBody,
    response: RecoveryCodes,
  }),
  renewRecoveryCodes: ownEndpoint({
    method: 'post',
    path: '/auth/recovery-codes',
    summary: 'New recovery codes, shown once; the old ones end.',
    guarded: true,
    body: PasswordProof,
    response: RecoveryCodes,
  }),
  sessions: ownEndpoint({
    method: 'get',
    path: '/auth/sessions',
    summary: 'Where you are signed in.',
    response: Sessions,
  }),
  endSession: ownEndpoint({
    method: 'delete',
    path: '/auth/sessions/:id',
    summary: 'End one of your sessions.',
    params: IdParams,
  }),
  signOut: ownEndpoint({ method: 'post', path: '/auth/sign-out', summary: 'End this session.' }),
  signOutEverywhere: ownEndpoint({
    method: 'post',
    path: '/auth/sign-out-everywhere',
    summary: 'End all your sessions.',
  }),
} as const;
