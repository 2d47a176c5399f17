/** Says a part of a bench as soon as it is measured, so that a run that fails late was not for nothing; answers the figures. */
export const sayPart = <T>(what: string, figures: T): T => {
  console.error(`${what}: ${JSON.stringify(figures)}`);
  return figures;
};
