/** PostgreSQL gets no variable of ours: nothing of the configuration leaks into it, and its locale is fixed. */
export const childEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };
