import type { StoredInstance } from '@archwire/archive';
import type { RouterContext } from '@koa/router';
import type { DicomwebParts } from '../dicomweb-parts.ts';
import type { Representation } from '../http/accept.ts';
import { type ByteSource, storedSource } from '../http/byte-source.ts';
import { parseMediaType } from '../http/media-type.ts';
import { negotiated } from '../http/request.ts';
import { sendBytes } from '../http/send-bytes.ts';
import { sendMultipart } from '../http/send-multipart.ts';
import { askedIdentity } from './asked-identity.ts';
import { outgoingSource } from './outgoing-source.ts';
import { instanceUrl, reading, resourceInstances } from './resource.ts';

const DICOM = 'application/dicom';

const takesAll = (instances: readonly StoredInstance[], syntax: string | undefined): boolean =>
  syntax === undefined ||
  syntax === '*' ||
  instances.every(({ TransferSyntaxUID }) => TransferSyntaxUID === syntax);

const offers = (instances: readonly StoredInstance[]): readonly Representation<'single' | 'multipart'>[] => [
  {
    essence: 'multipart/related',
    value: 'multipart',
    matches: (parameters) => {
      const type = parameters.get('type');
      const essence = type === undefined ? DICOM : parseMediaType(type)?.essence;
      return (
        (essence === DICOM || essence === '*/*') && takesAll(instances, parameters.get('transfer-syntax'))
      );
    },
  },
  ...(instances.length === 1
    ? [
        {
          essence: DICOM,
          value: 'single' as const,
          matches: (parameters: ReadonlyMap<string, string>) =>
            takesAll(instances, parameters.get('transfer-syntax')),
        },
      ]
    : []),
];

const contentType = (instance: StoredInstance): string =>
  `${DICOM}; transfer-syntax=${instance.TransferSyntaxUID}`;

/**
 * WADO-RS retrieval of a study, a series or an instance (PS3.18 section 10.4.1.1): the bytes as they were received, or with
 * `identity=known` those with the identity that the practice knows, where it is another.
 */
export const createRetrieveHandler =
  (parts: Pick<DicomwebParts, 'lookup' | 'reader' | 'audit'>) =>
  async (ctx: RouterContext): Promise<void> => {
    const principal = reading(ctx, parts, 'imaging.study.retrieved');
    const isKnown = askedIdentity(ctx, 'received') === 'known';
    const instances = await resourceInstances(ctx, parts, principal);
    const source = async (instance: StoredInstance): Promise<ByteSource> =>
      isKnown ? await outgoingSource(parts.reader, instance) : storedSource(parts.reader, instance);
    const syntaxes = new Set(instances.map(({ TransferSyntaxUID }) => TransferSyntaxUID));
    const available = [
      `multipart/related; type="${DICOM}"; transfer-syntax=*`,
      ...[...syntaxes].map((syntax) => `multipart/related; type="${DICOM}"; transfer-syntax=${syntax}`),
      ...(instances.length === 1 ? [DICOM] : []),
    ];
    if (negotiated(ctx, offers(instances), available) === 'single') {
      const [instance] = instances;
      ctx.set('Content-Disposition', `attachment; filename="${instance.SOPInstanceUID}.dcm"`);
      await sendBytes(
        ctx,
        await source(instance),
        contentType(instance),
        `"${instance.sha256}${isKnown && instance.identity !== null ? `.${instance.identity.since}` : ''}"`,
      );
      return;
    }
    await sendMultipart(
      ctx,
      DICOM,
      instances.map((instance) => ({
        contentType: contentType(instance),
        location: instanceUrl(instance),
        ...(isKnown && instance.identity !== null ? {} : { length: instance.location.length }),
        open: async () => await source(instance),
      })),
    );
  };
