import { jsonLine, redactText, terminalLine } from "@renderjuice/core/adapter";

/** One line per event: text for people, or JSON. */
export type ServeLog = (type: string, text: string, fields?: Readonly<Record<string, unknown>>) => void;

export function createServeLog(isJson: boolean): ServeLog {
  return (type, text, fields = {}) => {
    const time = new Date().toISOString();
    const line = isJson
      ? jsonLine({ time, type, message: text, ...fields })
      : `${time} ${terminalLine(redactText(text))}`;
    process.stdout.write(`${line}\n`);
  };
}
