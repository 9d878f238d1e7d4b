/** What tells a file of one frame from that of another; nothing else of an output matters here. */
export interface NumberedName {
  /** With `/`, as the farm gives it. */
  readonly path: string;
  /** Files of one series differ by their frame: same kind, same view, same compositor node. */
  readonly series: string;
  readonly view?: string | undefined;
}

interface Run {
  readonly start: number;
  readonly text: string;
}

interface ReadName {
  readonly stem: string;
  readonly runs: readonly Run[];
}

/** Blender pads to four digits, others to three; what is shorter is rather a version, a camera or an eye. */
const PADDED_DIGITS = 3;

export interface FrameNumber {
  readonly frame: number;
  /** The path with `#` in the place of the number. */
  readonly sequence: string;
}

/**
 * The frame of each file, read from its name: in the names of a series it is the number that changes from one to the
 * next. Undefined where a name has none.
 */
export function readFrameNumbers(names: readonly NumberedName[]): (FrameNumber | undefined)[] {
  const read = names.map(readName);
  const chosen = new Map<string, number | undefined>();
  for (const [pattern, members] of groupByPattern(names, read)) chosen.set(pattern, chooseRun(members));
  return names.map(({ path, series }, index) => {
    const name = read[index] as ReadName;
    const at = chosen.get(patternOf(series, name));
    const run = at === undefined ? undefined : name.runs[at];
    if (!run) return undefined;
    const { start, text } = run;
    return { frame: Number(text), sequence: `${path.slice(0, start)}#${path.slice(start + text.length)}` };
  });
}

function readName({ path, view }: NumberedName): ReadName {
  const stem = hideView(
    path
      .replace(/\.[A-Za-z]\w*$/, "")
      // What tells duplicates apart: "name~2", "name (1)".
      .replace(/(~\d+| \(\d+\))$/, ""),
    view,
  );
  // A minus belongs to the number where nothing else stands before it: "shot_-0005", not "shot-0005".
  const runs = [...stem.matchAll(/(?:(?<![^_./ -])-)?\d+/g)].map(({ 0: text, index }) => ({
    start: index,
    text,
  }));
  return { stem, runs };
}

/** Takes the digits out of the last place where the view is named as a word: "_cam1", "left2/". */
function hideView(stem: string, view: string | null | undefined): string {
  if (!view || !/\d/.test(view)) return stem;
  const at = stem.toLowerCase().lastIndexOf(view.toLowerCase());
  const [before, after] = [stem[at - 1], stem[at + view.length]];
  const isWord = [before, after].every(
    (neighbour) => neighbour === undefined || /[^A-Za-z0-9]/.test(neighbour),
  );
  if (at < 0 || !isWord) return stem;
  const hidden = `${stem.slice(0, at)}${view.replace(/\d/g, "x")}${stem.slice(at + view.length)}`;
  // A view that is called "0005" must not hide the frame 5.
  return /\d/.test(hidden) ? hidden : stem;
}

function groupByPattern(names: readonly NumberedName[], read: readonly ReadName[]): Map<string, ReadName[]> {
  const groups = new Map<string, ReadName[]>();
  for (const [index, name] of read.entries()) {
    const pattern = patternOf((names[index] as NumberedName).series, name);
    const group = groups.get(pattern);
    if (group) group.push(name);
    else groups.set(pattern, [name]);
  }
  return groups;
}

/** The name with all numbers taken out. */
function patternOf(series: string, { stem, runs }: ReadName): string {
  let end = 0;
  const texts = runs.map(({ start, text }) => {
    const between = stem.slice(end, start);
    end = start + text.length;
    return between;
  });
  return `${series}\n${[...texts, stem.slice(end)].join("#")}`;
}

/** @returns which of the numbers is the frame */
function chooseRun(members: readonly ReadName[]): number | undefined {
  const [example] = members;
  if (!example) return undefined;
  const columns = example.runs.map((_, at) => describeColumn(members, at));
  const varying = columns.filter(({ values }) => values > 1);
  const best = varying.length > 0 ? chooseVarying(varying) : chooseConstant(columns);
  return best?.at;
}

interface Column {
  readonly at: number;
  /** How many different numbers. */
  readonly values: number;
  readonly isPadded: boolean;
  readonly isLast: boolean;
}

function describeColumn(members: readonly ReadName[], at: number): Column {
  const texts = members.map(({ runs }) => runs[at]?.text ?? "");
  const { stem, runs } = members[0] as ReadName;
  const run = runs[at] as Run;
  return {
    at,
    values: new Set(texts).size,
    isPadded: texts.every((text) => text.replace("-", "").length >= PADDED_DIGITS),
    isLast: run.start + run.text.length === stem.length,
  };
}

function chooseVarying(columns: readonly Column[]): Column | undefined {
  const padded = columns.filter(({ isPadded }) => isPadded);
  const candidates = padded.length > 0 ? padded : columns;
  const most = Math.max(...candidates.map(({ values }) => values));
  return candidates.findLast(({ values }) => values === most);
}

/** One file, or several of one frame: nothing but its looks tells the number. */
function chooseConstant(columns: readonly Column[]): Column | undefined {
  return columns.findLast(({ isPadded }) => isPadded) ?? columns.find(({ isLast }) => isLast);
}
