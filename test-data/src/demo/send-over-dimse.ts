import dcmjsDimse from 'dcmjs-dimse';

const { Client, constants, log, requests } = dcmjsDimse;
log.setLevel('silent');

type Request = InstanceType<typeof requests.CEchoRequest> | InstanceType<typeof requests.NCreateRequest>;

export interface DimseTarget {
  readonly host: string;
  readonly port: number;
  readonly calledAe: string;
  readonly callingAe: string;
}

/**
 * One association that asks for every request and waits for every answer.
 * Rejects when the peer cannot be reached, rejects the association, or answers anything but Success.
 */
export const exchange = (target: DimseTarget, all: readonly Request[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const client = new Client();
    let refused: string | undefined;
    for (const request of all) {
      request.on('response', (response) => {
        const status = response.getStatus();
        if (status !== constants.Status.Success && status !== constants.Status.Pending) {
          refused ??= `status 0x${status.toString(16)}`;
        }
      });
      client.addRequest(request);
    }
    client.on('associationRejected', () => reject(new Error('The server rejected the association.')));
    client.on('networkError', (error: unknown) =>
      reject(error instanceof Error ? error : new Error(String(error))),
    );
    client.on('closed', () =>
      refused === undefined ? resolve() : reject(new Error(`The server answered ${refused}.`)),
    );
    client.send(target.host, target.port, target.callingAe, target.calledAe);
  });

/** C-ECHO. */
export const echo = (target: DimseTarget): Promise<void> => exchange(target, [new requests.CEchoRequest()]);

/** C-STORE of files, in one association. */
export const store = (target: DimseTarget, files: readonly string[]): Promise<void> =>
  exchange(
    target,
    files.map((file) => new requests.CStoreRequest(file)),
  );
