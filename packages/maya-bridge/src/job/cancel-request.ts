import { existsSync } from "node:fs";
import { join } from "node:path";

const LOOK_EVERY_MS = 500;

/**
 * Aborts when Maya has left a cancel request in the job's folder. Polls for it, since network folders do not report
 * changes.
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
