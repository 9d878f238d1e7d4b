import * as core from "@actions/core";
import { terminalLine, terminalText } from "@renderjuice/core/adapter";

/** A line of the step's log; a file name or a reason from the farm must not become a command of the runner. */
export function info(text: string): void {
  core.info(terminalLine(text));
}

/** The toolkit escapes what annotations hold; they may have several lines. */
export function notice(text: string, properties?: core.AnnotationProperties): void {
  core.notice(terminalText(text), properties);
}

export function warning(text: string, properties?: core.AnnotationProperties): void {
  core.warning(terminalText(text), properties);
}

export function error(text: string, properties?: core.AnnotationProperties): void {
  core.error(terminalText(text), properties);
}

/** Fails the step and says why. */
export function setFailed(text: string): void {
  core.setFailed(terminalText(text));
}

/** Folds the log lines of some work under a title. */
export function group<T>(title: string, work: () => Promise<T>): Promise<T> {
  return core.group(terminalLine(title), work);
}
