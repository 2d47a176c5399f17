import {
  AppError,
  type Principal,
  requirePermission,
  RuleConditions,
  RuleResult,
  type ViewRuleDraft,
} from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { findImages, type FoundImage } from './find-images.ts';
import { indexedRead } from './indexed-read.ts';
import { matchesRule } from './matches-rule.ts';
import { recentImages } from './recent-images.ts';

const LOOKED_AT = 200;

/** A text as a pattern that fits it alone: what would be a wildcard stands for one letter. */
const literally = (text: string | null): string | null =>
  text === null || text.trim() === '' ? null : text.trim().replaceAll('*', '?').slice(0, 100);

const readOf = (image: FoundImage) => image.read ?? indexedRead(image.traits);

/** Who the device is: as it is registered, else by what it writes of itself. */
const deviceOf = ({ traits }: FoundImage): Partial<RuleConditions> =>
  traits.deviceId === null
    ? {
        manufacturer: literally(traits.manufacturer),
        modelName: literally(traits.modelName),
        stationName: literally(traits.stationName),
      }
    : { deviceId: traits.deviceId };

const sizeOf = ({ traits: { rows, columns } }: FoundImage): Partial<RuleConditions> => ({
  minRows: rows,
  maxRows: rows,
  minColumns: columns,
  maxColumns: columns,
});

/**
 * The conditions under which a device sends what this image is: what the object says of itself, its series and protocol;
 * its size too, where those are empty or images that are known to show something else fit as well.
 */
export const likeThis = (image: FoundImage, others: readonly FoundImage[]): RuleConditions => {
  const { traits } = image;
  const named = RuleConditions.parse({
    ...deviceOf(image),
    modality: traits.modality,
    sopClassUid: traits.sopClassUid,
    seriesDescription: literally(traits.seriesDescription),
    protocolName: literally(traits.protocolName),
    readView: readOf(image).view,
  });
  const isKnownOther = (other: FoundImage): boolean =>
    other.shown !== null &&
    other.shown.view !== image.shown?.view &&
    (other.shown.origin === 'codes' || other.shown.origin === 'person');
  const isMixed = others.some(
    (other) => isKnownOther(other) && matchesRule(named, other.traits, readOf(other)),
  );
  const isUnnamed = named.seriesDescription === null && named.protocolName === null;
  return isMixed || isUnnamed ? RuleConditions.parse({ ...named, ...sizeOf(image) }) : named;
};

/**
 * A rule that would make other images like this one, from its device, show what this one shows. It overrules codes when
 * this image's codes were corrected.
 * @throws AppError `forbidden`, `not-found`.
 */
export const suggestRule = async (
  withTenant: WithTenant,
  principal: Principal,
  instanceId: string,
): Promise<{ readonly rule: ViewRuleDraft; readonly deviceName: string | null }> => {
  requirePermission(principal, 'imaging.rule.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const [image] = await findImages(trx, [instanceId]);
    if (image === undefined)
      throw new AppError('not-found', 'There is no such image in your group. Reload the page.');
    const read = readOf(image);
    const shown = image.shown ?? read;
    // Teeth differ from one exposure to the next; a side that is wrong where the view is right is a habit of the device.
    const isOtherSide = shown.view === read.view && shown.laterality !== read.laterality;
    const conditions = likeThis(image, await recentImages(trx, image.traits.deviceId, LOOKED_AT));
    const { deviceId } = image.traits;
    const device =
      deviceId === null
        ? undefined
        : await trx<{ id: string; name: string }>('device').where({ id: deviceId }).first('name');
    const from =
      device?.name ?? [image.traits.manufacturer, image.traits.modelName].filter(Boolean).join(' ');
    const what = image.traits.seriesDescription ?? image.traits.protocolName ?? image.traits.modality;
    return {
      rule: {
        name: [from, what].filter(Boolean).join(': ').slice(0, 120) || shown.view,
        active: true,
        conditions,
        result: RuleResult.parse({
          view: shown.view,
          laterality: isOtherSide ? shown.laterality : null,
          overridesCodes:
            (read.origin === 'codes' && read.view !== shown.view) ||
            (isOtherSide && read.laterality !== null),
        }),
      },
      deviceName: device?.name ?? null,
    };
  });
};
