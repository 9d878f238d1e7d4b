/** The parts of an output that identify its frame. */
export interface NumberedName {
  /** The name from the farm, with `/`. */
  readonly path: string;
  /** Files of one series differ only by frame: same kind, view and compositor node. */
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

/** Blender pads to four digits, other programs to three. Shorter numbers are more likely a version, a camera or an eye. */
const PADDED_DIGITS = 3;
const BLENDER_DIGITS = 4;
/** Longer numbers are a hash or a time, not a frame with something attached. */
const MOST_DIGITS = 20;

export interface FrameNumber {
  readonly frame: number;
  /** The path with `#` instead of the number. */
  readonly sequence: string;
}

/** Which digits of a name are the frame number. */
interface Reading {
  readonly at: number;
  /** How many characters of the run belong to the text before and after it: `render_1` + `0005` + `2`. */
  readonly head: number;
  readonly tail: number;
}

/**
 * The frame of each file, read from its name: the number that changes between the files of a series. Undefined if the name
 * has none.
 *
 * @param expected the frames that the job was to render. If the names can be read in several ways, the reading that gives
 * more of these is chosen
 */
export function readFrameNumbers(
  names: readonly NumberedName[],
  expected: readonly number[] = [],
): (FrameNumber | undefined)[] {
  const read = names.map(readName);
  const chosen = chooseReadings(names, read, new Set(expected));
  return names.map(({ path, series }, index) => {
    const name = read[index] as ReadName;
    const reading = chosen.get(`${series}\n${patternOf(name)}`);
    const run = reading && name.runs[reading.at];
    if (!reading || !run) return undefined;
    const text = textOf(run, reading);
    const start = run.start + reading.head;
    return { frame: Number(text), sequence: `${path.slice(0, start)}#${path.slice(start + text.length)}` };
  });
}

function fits({ runs }: ReadName, { at, head, tail }: Reading): boolean {
  return (runs[at]?.text.length ?? 0) > head + tail;
}

function textOf({ text }: Run, { head, tail }: Reading): string {
  return text.slice(head, text.length - tail);
}

function readName({ path, view }: NumberedName): ReadName {
  const stem = hideView(
    path
      .replace(/\.[A-Za-z]\w*$/, "")
      // Marks of duplicates: "name~2", "name (1)".
      .replace(/(~\d+| \(\d+\))$/, ""),
    view,
  );
  // A minus belongs to the number only after a separator: "shot_-0005", not "shot-0005".
  const runs = [...stem.matchAll(/(?:(?<![^_./ -])-)?\d+/g)].map(({ 0: text, index }) => ({
    start: index,
    text,
  }));
  return { stem, runs };
}

/** Hides the digits where the view is last named as a whole word: "_cam1", "left2/". */
function hideView(stem: string, view: string | null | undefined): string {
  if (!view || !/\d/.test(view)) return stem;
  const at = stem.toLowerCase().lastIndexOf(view.toLowerCase());
  const [before, after] = [stem[at - 1], stem[at + view.length]];
  const isWord = [before, after].every((neighbor) => neighbor === undefined || /[^A-Za-z0-9]/.test(neighbor));
  if (at < 0 || !isWord) return stem;
  const hidden = `${stem.slice(0, at)}${view.replace(/\d/g, "x")}${stem.slice(at + view.length)}`;
  // A view named "0005" must not hide frame 5.
  return /\d/.test(hidden) ? hidden : stem;
}

function chooseReadings(
  names: readonly NumberedName[],
  read: readonly ReadName[],
  expected: ReadonlySet<number>,
): Map<string, Reading | undefined> {
  const groups = new Map<string, ReadName[]>();
  for (const [index, name] of read.entries()) {
    const key = `${names[index]?.series}\n${patternOf(name)}`;
    const group = groups.get(key);
    if (group) group.push(name);
    else groups.set(key, [name]);
  }
  const chosen = new Map<string, Reading | undefined>();
  // A view with only one frame is read like the others.
  const known = new Map<string, Reading>();
  for (const [key, members] of [...groups].toSorted(([, one], [, other]) => other.length - one.length)) {
    const pattern = patternOf(members[0] as ReadName);
    const borrowed = members.length === 1 ? known.get(pattern) : undefined;
    const reading =
      borrowed && members.every((name) => fits(name, borrowed)) ? borrowed : chooseReading(members, expected);
    chosen.set(key, reading);
    if (reading && members.length > 1 && !known.has(pattern)) known.set(pattern, reading);
  }
  return chosen;
}

/** The name without its numbers. */
function patternOf({ stem, runs }: ReadName): string {
  let end = 0;
  const texts = runs.map(({ start, text }) => {
    const between = stem.slice(end, start);
    end = start + text.length;
    return between;
  });
  return [...texts, stem.slice(end)].join("#");
}

/** The most plausible reading, unless it gives unexpected frames and another reading gives more expected ones. */
function chooseReading(members: readonly ReadName[], expected: ReadonlySet<number>): Reading | undefined {
  const likely = chooseByLooks(members);
  if (expected.size === 0 || (likely && framesOf(members, likely).every((frame) => expected.has(frame)))) {
    return likely;
  }
  let best = { reading: likely, found: likely ? countExpected(members, likely, expected) : 0 };
  for (const reading of findReadings(members)) {
    const found = countExpected(members, reading, expected);
    if (found > best.found) best = { reading, found };
  }
  return best.reading;
}

function framesOf(members: readonly ReadName[], reading: Reading): number[] {
  return members.map(({ runs }) => Number(textOf(runs[reading.at] as Run, reading)));
}

function countExpected(
  members: readonly ReadName[],
  reading: Reading,
  expected: ReadonlySet<number>,
): number {
  return new Set(framesOf(members, reading).filter((frame) => expected.has(frame))).size;
}

/** Each whole number; then each number without the digits that all names share before and after it. */
function findReadings(members: readonly ReadName[]): Reading[] {
  const [example] = members;
  const columns = (example?.runs ?? []).map((_, at) => members.map(({ runs }) => runs[at]?.text ?? ""));
  const whole = columns.map((_, at) => ({ at, head: 0, tail: 0 }));
  return [...whole, ...columns.flatMap(findGlued)];
}

function findGlued(texts: readonly string[], at: number): Reading[] {
  const [first = ""] = texts;
  const shortest = Math.min(...new Set(texts.map(({ length }) => length)));
  if (first.length > MOST_DIGITS) return [];
  const least = new Set(texts).size > 1 ? 1 : BLENDER_DIGITS;
  const readings: Reading[] = [];
  for (let head = 0; texts.every((text) => text.startsWith(first.slice(0, head))); head++) {
    for (let tail = 0; head + tail + least <= shortest; tail++) {
      if (!texts.every((text) => text.endsWith(first.slice(first.length - tail)))) break;
      if (head + tail > 0) readings.push({ at, head, tail });
    }
    if (head + least >= shortest) break;
  }
  return readings;
}

function chooseByLooks(members: readonly ReadName[]): Reading | undefined {
  const [example] = members;
  if (!example) return undefined;
  const columns = example.runs.map((_, at) => describeColumn(members, at));
  const varying = columns.filter(({ values }) => values > 1);
  const best = varying.length > 0 ? chooseVarying(varying) : chooseConstant(columns);
  return best && { at: best.at, head: 0, tail: 0 };
}

interface Column {
  readonly at: number;
  /** How many different numbers there are. */
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

/** One file, or several of the same frame: only the format of the numbers helps. */
function chooseConstant(columns: readonly Column[]): Column | undefined {
  return columns.findLast(({ isPadded }) => isPadded) ?? columns.find(({ isLast }) => isLast);
}
