import { z } from 'zod';
import { IMAGE_LATERALITIES, imageViews, TEETH } from './image-view.ts';

/** A word, or words with `*` for anything and `?` for one letter; large and small letters are the same. */
const Pattern = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}+$/u, 'A pattern has no control characters.')
  .nullable()
  .default(null);
const Size = z.int().min(1).max(65_535).nullable().default(null);
const View = z.enum(imageViews);
export const Laterality = z.enum(IMAGE_LATERALITIES);
/** ISO 3950 numbers. */
export const Teeth = z.array(z.enum(TEETH)).max(TEETH.length);

/** Which images a rule is about: all that is said must hold; what is `null` says nothing. */
export const RuleConditions = z.strictObject({
  deviceId: z.uuid().nullable().default(null),
  manufacturer: Pattern,
  modelName: Pattern,
  stationName: Pattern,
  sopClassUid: z
    .string()
    .regex(/^[0-9.]{1,64}$/)
    .nullable()
    .default(null),
  modality: z.string().trim().min(1).max(16).nullable().default(null),
  minRows: Size,
  maxRows: Size,
  minColumns: Size,
  maxColumns: Size,
  seriesDescription: Pattern,
  protocolName: Pattern,
  /** What the object itself says that it shows. */
  readView: View.nullable().default(null),
});
export type RuleConditions = z.infer<typeof RuleConditions>;

/** What such images show. What is `null` stays as the object says. */
export const RuleResult = z.strictObject({
  view: View.nullable().default(null),
  teeth: Teeth.nullable().default(null),
  /** Teeth are the numbers in series description and protocol name, in this notation. */
  teethFromWords: z.enum(['iso', 'universal']).nullable().default(null),
  laterality: Laterality.nullable().default(null),
  /** The device is known to send wrong codes: the rule is believed, not they. */
  overridesCodes: z.boolean().default(false),
});
export type RuleResult = z.infer<typeof RuleResult>;

/** A rule as a person writes it. */
export const ViewRuleDraft = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(120)
      .regex(/^\P{Cc}+$/u, 'A name has no control characters.'),
    active: z.boolean().default(true),
    conditions: RuleConditions,
    result: RuleResult,
  })
  .refine(({ conditions }) => Object.values(conditions).some((value) => value !== null), {
    path: ['conditions'],
    message: 'A rule needs at least one condition, or it would be about every image.',
  })
  .refine(
    ({ result }) =>
      result.view !== null ||
      result.teeth !== null ||
      result.teethFromWords !== null ||
      result.laterality !== null,
    { path: ['result'], message: 'A rule says at least one thing: a view, teeth or a side.' },
  );
export type ViewRuleDraft = z.infer<typeof ViewRuleDraft>;
