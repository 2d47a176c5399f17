import type { EchoFinding, EchoTarget } from '@archwire/practice-server';
import dimse from 'dcmjs-dimse';
import { writeRequest } from '../command-codec.ts';
import { MESSAGE_HEAD_ROOM, frameMessage } from '../frame-message.ts';
import { AssociationError, type AssociationFailure } from './association-error.ts';
import { associationOutcome } from './association-outcome.ts';
import type { ScuTls } from './connect-socket.ts';
import { ScuAssociation } from './scu-association.ts';
import { wantsTls } from './wants-tls.ts';

const { SopClass, TransferSyntax } = dimse.constants;

const C_ECHO = 0x0030;
const MESSAGE_ID = 1;
const CONTEXT_ID = 1;
/** Together less than the ten seconds that a person at a screen is told. */
const LIMITS = {
  connectTimeoutMs: 3_000,
  associateTimeoutMs: 3_000,
  answerTimeoutMs: 3_000,
  releaseTimeoutMs: 500,
};

type Result = Pick<EchoFinding, 'outcome' | 'rejection' | 'status'>;
type Failed = Omit<EchoFinding, 'milliseconds' | 'callingAe'>;

const resultOf = (failure: AssociationFailure): Result => {
  if (failure.at === 'answer-timeout') return { outcome: 'echo-timeout', rejection: null, status: null };
  if (failure.at === 'protocol') return { outcome: 'echo-failed', rejection: null, status: null };
  return { ...associationOutcome(failure), status: null };
};

const ask = async (association: ScuAssociation): Promise<Result> => {
  const { accepted, maxPduLength } = association.peer;
  if (!accepted.has(CONTEXT_ID)) return { outcome: 'no-verification', rejection: null, status: null };
  const command = writeRequest(
    { CommandField: C_ECHO, MessageID: MESSAGE_ID, AffectedSOPClassUID: SopClass.Verification },
    MESSAGE_HEAD_ROOM,
  );
  await association.send(frameMessage(command, CONTEXT_ID, maxPduLength));
  const { Status, MessageIDBeingRespondedTo } = (await association.receive()).command;
  const isSuccess = Status === 0 && MessageIDBeingRespondedTo === MESSAGE_ID;
  return { outcome: isSuccess ? 'success' : 'echo-failed', rejection: null, status: Status };
};

const attempt = async (
  target: EchoTarget,
  options: { readonly callingAe: string; readonly tls: ScuTls },
  limits: typeof LIMITS,
): Promise<Failed> => {
  let association: ScuAssociation | null = null;
  let deadline: NodeJS.Timeout | undefined;
  const names = () => ({
    implementationClassUid: association?.peer.implementationClassUid ?? null,
    implementationVersionName: association?.peer.implementationVersionName ?? null,
  });
  try {
    association = await ScuAssociation.open(
      {
        host: target.host,
        port: target.port,
        tls: target.tls ? options.tls : null,
        calledAe: target.calledAe,
        callingAe: options.callingAe,
        contexts: [
          {
            id: CONTEXT_ID,
            abstractSyntax: SopClass.Verification,
            transferSyntaxes: [TransferSyntax.ImplicitVRLittleEndian],
          },
        ],
      },
      limits,
    );
    deadline = setTimeout(
      (late: ScuAssociation) => late.abort({ at: 'answer-timeout' }),
      limits.answerTimeoutMs,
      association,
    );
    const result = await ask(association);
    const found = names();
    await association.release();
    return { ...result, ...found };
  } catch (error) {
    if (!(error instanceof AssociationError)) throw error;
    return { ...resultOf(error.failure), ...names() };
  } finally {
    clearTimeout(deadline);
    association?.abort();
  }
};

/**
 * C-ECHO to a peer (PS3.7 section 9.1.5): a whole association for one question. Whatever the network does is an outcome;
 * it ends within ten seconds, also when the peer says a byte now and then.
 */
export const createEcho =
  (options: {
    readonly callingAe: string;
    readonly tls: ScuTls;
    readonly limits?: Partial<typeof LIMITS>;
  }): ((target: EchoTarget) => Promise<EchoFinding>) =>
  async (target) => {
    const limits = { ...LIMITS, ...options.limits };
    const since = performance.now();
    const found = await attempt(target, options, limits);
    const isTls =
      found.outcome === 'closed' && !target.tls && (await wantsTls(target, limits.connectTimeoutMs));
    return {
      ...found,
      ...(isTls ? { outcome: 'tls-needed' as const } : {}),
      callingAe: options.callingAe,
      milliseconds: Math.round(performance.now() - since),
    };
  };
