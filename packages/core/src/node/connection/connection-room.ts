import type { Server } from "node:http";
import type { Socket } from "node:net";

export interface RoomLimits {
  readonly maxConnections: number;
  /** Of all bodies that have been received and not been dealt with. */
  readonly maxBytes: number;
}

/**
 * Keeps a server open to newcomers: where room runs out, the connection goes that has had the most time and has not
 * brought its request to an end. Whoever holds connections open loses them, and not whoever comes next.
 */
export class ConnectionRoom {
  readonly #limits: RoomLimits;
  /** Bytes received, by connection; the oldest connection first. */
  readonly #received = new Map<Socket, number>();
  /** Whose request is complete. */
  readonly #served = new Set<Socket>();
  #totalBytes = 0;

  constructor(server: Server, limits: RoomLimits) {
    this.#limits = limits;
    server.on("connection", (socket) => {
      this.#received.set(socket, 0);
      socket.once("close", () => this.#forget(socket));
      if (this.#received.size > limits.maxConnections) this.#dropOldest();
    });
  }

  /** A piece of a body has come and is kept. */
  add(socket: Socket, bytes: number): void {
    const before = this.#received.get(socket);
    if (before === undefined) return;
    this.#received.set(socket, before + bytes);
    this.#totalBytes += bytes;
    if (this.#totalBytes > this.#limits.maxBytes) this.#dropOldest();
  }

  /** Nothing is waited for any more: from now on the connection is safe, until it is released. */
  secure(socket: Socket): void {
    this.#served.add(socket);
  }

  /** The request is answered, and what it had sent is dealt with. */
  release(socket: Socket): void {
    this.#served.delete(socket);
    this.#totalBytes -= this.#received.get(socket) ?? 0;
    if (this.#received.has(socket)) this.#received.set(socket, 0);
  }

  /** Ends all connections but the safe ones. */
  dropWaiting(): void {
    for (const socket of [...this.#received.keys()]) if (!this.#served.has(socket)) this.#drop(socket);
  }

  #dropOldest(): void {
    const oldest = [...this.#received.keys()].find((socket) => !this.#served.has(socket));
    if (oldest) this.#drop(oldest);
  }

  #drop(socket: Socket): void {
    socket.destroy();
    this.#forget(socket);
  }

  #forget(socket: Socket): void {
    this.release(socket);
    this.#received.delete(socket);
  }
}
