export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** @returns the command in a line `::name key=value,…::data`; undefined for other lines */
export function parseWorkflowCommand(line: string): WorkflowCommand | undefined {
  const [, name, properties = "", data = ""] = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/s.exec(line) ?? [];
  if (name === undefined) return undefined;
  return { name: name.toLowerCase(), properties: parseProperties(properties), data: unescapeData(data) };
}

function parseProperties(text: string): Readonly<Record<string, string>> {
  const pairs = text
    .trim()
    .split(",")
    .map((pair) => /^([^=]+)=(.*)$/s.exec(pair))
    .flatMap((match) => (match ? [[match[1], unescapeProperty(match[2] ?? "")]] : []));
  return Object.fromEntries(pairs);
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll("%3A", ":").replaceAll("%2C", ","));
}

function unescapeData(text: string): string {
  // `%` comes last: `%250A` is the text `%0A`.
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}
