import { standardSchemaResolver } from '@hookform/resolvers/standard-schema';
import { useMemo } from 'react';
import { type DefaultValues, type FieldValues, useForm, type UseFormReturn } from 'react-hook-form';
import type { z } from 'zod';
import { useText } from '../i18n/use-text.ts';
import { problemMessages } from './problem-messages.ts';
import { problemText } from './problem-text.ts';

/**
 * A form whose values are checked by a schema, best the body of an endpoint, so that the page and the server ask for the
 * same. Errors appear when a field is left, in the language of the page, and go away while it is mended.
 */
export const useSchemaForm = <In extends FieldValues, Out>(
  schema: z.ZodType<Out, In>,
  defaultValues: DefaultValues<In>,
): UseFormReturn<In, unknown, Out> => {
  const text = useText(problemMessages);
  const resolver = useMemo(
    () =>
      standardSchemaResolver<In, unknown, Out>({
        '~standard': {
          version: 1,
          vendor: 'archwire',
          validate: async (values: unknown) => {
            const { success, data, error } = await schema.safeParseAsync(values);
            return success
              ? { value: data }
              : {
                  issues: error.issues.map((issue) => ({
                    path: issue.path,
                    message: problemText(issue, text),
                  })),
                };
          },
        },
      }),
    [schema, text],
  );
  return useForm<In, unknown, Out>({ resolver, defaultValues, mode: 'onTouched' });
};
