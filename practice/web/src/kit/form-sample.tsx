import { Button, Card, TextField, toasts } from '@archwire/ui';
import { Field, showProblem, useSchemaForm } from '@archwire/ui/forms';
import { z } from 'zod';
import { ApiProblem } from '../api/api-problem.ts';

const Body = z.strictObject({ name: z.string().trim().min(1).max(64), email: z.email() });

/** A form that its server finds fault with. */
export const FormSample = () => {
  const form = useSchemaForm(Body, { name: '', email: '' });
  const save = form.handleSubmit(({ name }) => {
    if (name !== 'taken') {
      toasts.show({ text: 'Saved', tone: 'ok' });
      return;
    }
    showProblem(
      form,
      ['name', 'email'],
      new ApiProblem('invalid', '', {
        details: { problems: [{ at: 'body.name', problem: 'There is a device of this name.' }] },
      }),
    );
  });
  return (
    <Card title="A form">
      <form onSubmit={(event) => void save(event)} style={{ display: 'grid', gap: 12, maxWidth: 360 }}>
        <Field control={form.control} name="name">
          {(field) => <TextField label="Device name" isRequired {...field} />}
        </Field>
        <Field control={form.control} name="email">
          {(field) => <TextField label="Contact" type="email" {...field} />}
        </Field>
        <div>
          <Button type="submit" tone="primary">
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
};
