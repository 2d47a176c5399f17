declare module 'vitest' {
  interface ProvidedContext {
    /** Loopback port of the vitest process; the first test that asks there starts PostgreSQL. */
    archwireTestDatabasePort: number;
  }
}

export interface TestServerAnswer {
  readonly superuserUrl: string;
  readonly ownerUrl: string;
  /** A migrated database with no session in it, to be cloned. */
  readonly template: string;
}
