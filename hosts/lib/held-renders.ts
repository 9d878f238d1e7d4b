// Simulated renders that wait until a test releases them, so that end-to-end tests do not depend on timing.
import { createSimulatedRenderer, type Renderer, systemClock } from "@renderjuice/sandbox";

export interface HeldRenders {
  /** For the sandbox. Scenes are validated at once. */
  readonly renderer: Renderer;
  /** Releases current and later renders. */
  letGo(): void;
}

export function holdRenders(): HeldRenders {
  const gate = Promise.withResolvers<void>();
  const simulated = createSimulatedRenderer({ clock: systemClock });
  return {
    renderer: {
      ...simulated,
      async render(input) {
        input.signal.throwIfAborted();
        const { promise: aborted, reject } = Promise.withResolvers<never>();
        input.signal.addEventListener("abort", () => reject(input.signal.reason));
        await Promise.race([gate.promise, aborted]);
        return simulated.render(input);
      },
    },
    letGo: gate.resolve,
  };
}
