import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { HELPER_LIMIT_MS } from "../../../hosts/lib/helper-limit.ts";

/** A client that only does what a test says, to see how a port reacts. */
export class RawClient implements Disposable {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #isClosed = false;
  readonly #changes = new EventEmitter();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#changes.emit("change");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#isClosed = true;
      this.#changes.emit("change");
    });
  }

  /** @param where a port's number, or the path of a UNIX socket */
  static async connect(where: number | string): Promise<RawClient> {
    const socket =
      typeof where === "number" ? connect({ host: "127.0.0.1", port: where, noDelay: true }) : connect(where);
    try {
      await once(socket, "connect", { signal: AbortSignal.timeout(HELPER_LIMIT_MS) });
      return new RawClient(socket);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  write(data: string | Uint8Array): void {
    this.#socket.write(data);
  }

  /** The next answers, without their ends. */
  async read(count = 1): Promise<string[]> {
    await this.#until(() => this.#received.filter((byte) => byte === 0).length >= count);
    const texts: string[] = [];
    for (let left = count; left > 0; left--) {
      const end = this.#received.indexOf(0);
      texts.push(this.#received.subarray(0, end).toString("utf8").replace(/\n$/, ""));
      this.#received = this.#received.subarray(end + 1);
    }
    return texts;
  }

  async ask(line: string): Promise<string> {
    this.write(line);
    const [answer = ""] = await this.read();
    return answer;
  }

  /** Resolves when the port hangs up. */
  async closed(): Promise<void> {
    await this.#until(() => this.#isClosed);
  }

  get received(): string {
    return this.#received.toString("utf8");
  }

  async #until(isSo: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(HELPER_LIMIT_MS);
    while (!isSo()) {
      const received = JSON.stringify(this.received);
      if (this.#isClosed) throw new Error(`The port hung up after ${received}.`);
      await once(this.#changes, "change", { signal }).catch((cause) => {
        throw new Error(`The port says nothing after ${received}.`, { cause });
      });
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
