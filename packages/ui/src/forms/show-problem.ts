import type { FieldPath, FieldValues, UseFormReturn } from 'react-hook-form';
import { z } from 'zod';

/** `details.problems` of an `invalid` answer of the API. */
const Details = z.object({
  details: z.object({ problems: z.array(z.object({ at: z.string(), problem: z.string() })) }),
});

/**
 * Shows what the server found wrong at the fields it names, and moves the focus to the first. `false` when it named
 * none of the form's: then say it above the form.
 */
export const showProblem = <Values extends FieldValues, Out>(
  form: UseFormReturn<Values, unknown, Out>,
  names: readonly FieldPath<Values>[],
  error: unknown,
): boolean => {
  const parsed = Details.safeParse(error);
  if (!parsed.success) return false;
  const found = parsed.data.details.problems.flatMap(({ at, problem }) => {
    const name = names.find((candidate) => at === `body.${candidate}`);
    return name === undefined ? [] : [{ name, problem }];
  });
  for (const [at, { name, problem }] of found.entries())
    form.setError(name, { type: 'server', message: problem }, { shouldFocus: at === 0 });
  return found.length > 0;
};
