import type { Server } from "node:http";
import type { Socket } from "node:net";

export interface RoomLimits {
  readonly maxConnections: number;
  /** Of all bodies that were received and not yet handled. */
  readonly maxBytes: number;
}

/**
 * Keeps a server open to new connections: when there is no more room, the oldest connection whose request is still
 * incomplete is closed. A client that holds connections open loses them; new clients get in.
 */
export class ConnectionRoom {
  readonly #limits: RoomLimits;
  /** Bytes received by each connection, oldest first. */
  readonly #received = new Map<Socket, number>();
  /** Connections whose request is complete. */
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

  /** Counts a received piece of a body. */
  add(socket: Socket, bytes: number): void {
    const before = this.#received.get(socket);
    if (before === undefined) return;
    this.#received.set(socket, before + bytes);
    this.#totalBytes += bytes;
    if (this.#totalBytes > this.#limits.maxBytes) this.#dropOldest();
  }

  /** The request is complete: the connection is kept until it is released. */
  secure(socket: Socket): void {
    this.#served.add(socket);
  }

  /** The request has been answered, and its body is no longer needed. */
  release(socket: Socket): void {
    this.#served.delete(socket);
    this.#totalBytes -= this.#received.get(socket) ?? 0;
    if (this.#received.has(socket)) this.#received.set(socket, 0);
  }

  /** Closes all connections whose request is incomplete. */
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
