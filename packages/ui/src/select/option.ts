/** One of several to choose from. */
export interface Option<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
  /** A second, quieter line. */
  readonly description?: string;
  readonly isDisabled?: boolean;
}
