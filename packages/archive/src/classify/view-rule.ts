import type { RuleConditions, RuleResult } from '@archwire/contracts';

/** A rule about what images of a device show. */
export interface ViewRule {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly source: 'shipped' | 'person' | 'learned';
  /** Shipped, and nobody has tried it on that equipment. */
  readonly unverified: boolean;
  readonly conditions: RuleConditions;
  readonly result: RuleResult;
  readonly changedAt: string | null;
}
