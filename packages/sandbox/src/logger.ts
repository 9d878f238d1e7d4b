/** The part of pino that the sandbox uses. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export const silentLogger: Logger = { info: () => {}, warn: () => {} };
