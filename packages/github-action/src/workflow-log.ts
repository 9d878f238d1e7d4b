import * as core from "@actions/core";
import { terminalLine, terminalText } from "@renderjuice/core/adapter";

/** Writes a line to the step's log. File names and texts from the farm must not become commands of the runner. */
export function info(text: string): void {
  core.info(terminalLine(text));
}

/** Annotations may have several lines. The toolkit escapes them. */
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
