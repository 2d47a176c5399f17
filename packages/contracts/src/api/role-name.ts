import { z } from 'zod';
import { ROLES, type Role } from '../permissions.ts';

const roleNames: readonly string[] = Object.keys(ROLES);
const isRole = (text: string): text is Role => roleNames.includes(text);

/** A role, by its name. */
export const RoleName = z
  .string()
  .refine(isRole, `A role is one of ${roleNames.join(', ')}.`)
  .meta({ enum: [...roleNames] });
