/** Who asks for the worklist. */
export interface WorklistAsker {
  readonly locationId: string;
  readonly aeTitle: string;
  /** What the device makes; `null`: not known, so it is told of everything at its location and narrows by its own keys. */
  readonly modalities: readonly string[] | null;
}
