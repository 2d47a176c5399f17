export { Field, type FieldBinding } from './field.tsx';
export { showProblem } from './show-problem.ts';
export { useSchemaForm } from './use-schema-form.ts';
