/** Where a request comes from; for the audit log. */
export interface Client {
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
}
