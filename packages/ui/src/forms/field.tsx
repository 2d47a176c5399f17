import type { ReactElement, RefCallback } from 'react';
import {
  Controller,
  type ControllerRenderProps,
  type Control,
  type FieldPath,
  type FieldValues,
} from 'react-hook-form';

const FOCUSABLE = 'input, textarea, [role=spinbutton], button';

/** What a control of the kit needs to be part of a form. */
export interface FieldBinding<Value> {
  readonly name: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly onBlur: () => void;
  readonly error: string | undefined;
  /** Lets the form put the focus where something is wrong. */
  readonly ref: RefCallback<HTMLElement>;
}

/** Binds a control to a value of the form: `<Field control={control} name="email">{(field) => <TextField label={…} {...field} />}</Field>`. */
export const Field = <Values extends FieldValues, Name extends FieldPath<Values>, Out>({
  control,
  name,
  children,
}: {
  readonly control: Control<Values, unknown, Out>;
  readonly name: Name;
  readonly children: (field: FieldBinding<ControllerRenderProps<Values, Name>['value']>) => ReactElement;
}) => (
  <Controller
    control={control}
    name={name}
    render={({ field, fieldState }) =>
      children({
        name: field.name,
        value: field.value,
        onChange: field.onChange,
        onBlur: field.onBlur,
        error: fieldState.error?.message,
        ref: (element) =>
          field.ref(
            element === null ? null : { focus: () => element.querySelector<HTMLElement>(FOCUSABLE)?.focus() },
          ),
      })
    }
  />
);
