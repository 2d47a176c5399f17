/** A connection as the gate sees it. */
export interface GatedConnection {
  readonly address: string;
  /** Nothing has been said on it yet, so nothing is lost when it makes room. */
  readonly silent: boolean;
  /** Closes it at once. */
  evict(): void;
}

/**
 * Keeps the number of open connections in bounds. When a bound is reached the oldest silent connection makes room, so that
 * a crowd of silent peers never locks out one that speaks.
 */
export class ConnectionGate {
  readonly #limits: { readonly maxConnections: number; readonly maxConnectionsPerAddress: number };
  /** In the order of arrival. */
  readonly #open = new Set<GatedConnection>();
  readonly #perAddress = new Map<string, number>();

  constructor(limits: { readonly maxConnections: number; readonly maxConnectionsPerAddress: number }) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#open.size;
  }

  /** `false`: there is no room, and nobody silent to make some. */
  enter(connection: GatedConnection): boolean {
    const { address } = connection;
    if ((this.#perAddress.get(address) ?? 0) >= this.#limits.maxConnectionsPerAddress) {
      if (!this.#makeRoom((other) => other.address === address)) return false;
    } else if (this.#open.size >= this.#limits.maxConnections && !this.#makeRoom(() => true)) {
      return false;
    }
    this.#open.add(connection);
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1);
    return true;
  }

  leave(connection: GatedConnection): void {
    if (!this.#open.delete(connection)) return;
    const left = (this.#perAddress.get(connection.address) ?? 1) - 1;
    if (left === 0) this.#perAddress.delete(connection.address);
    else this.#perAddress.set(connection.address, left);
  }

  #makeRoom(matches: (connection: GatedConnection) => boolean): boolean {
    for (const connection of this.#open) {
      if (connection.silent && matches(connection)) {
        this.leave(connection);
        connection.evict();
        return true;
      }
    }
    return false;
  }
}
