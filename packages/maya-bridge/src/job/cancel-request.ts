import { existsSync } from "node:fs";
import { join } from "node:path";

const LOOK_EVERY_MS = 500;

/**
 * Aborts when Maya has left its wish to cancel in the job's folder. Looked for rather than watched: home
 * folders on the network report no changes.
 */
export function watchForCancel(folder: string): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const look = () => {
    if (!existsSync(join(folder, "cancel.json"))) return;
    clearInterval(timer);
    controller.abort(new DOMException("Canceled in Maya.", "AbortError"));
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  look();
  return { signal: controller.signal, [Symbol.dispose]: () => clearInterval(timer) };
}
