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
const BLENDER_DIGITS = 4;
/** What has more is a hash or a time, and nothing is glued to it. */
const MOST_DIGITS = 20;

export interface FrameNumber {
  readonly frame: number;
  /** The path with `#` in the place of the number. */
  readonly sequence: string;
}

/** Which digits of a name are the frame. */
interface Reading {
  readonly at: number;
  /** How many characters of the run belong to what stands before it and behind it: `render_1` + `0005` + `2`. */
  readonly head: number;
  readonly tail: number;
}

/**
 * The frame of each file, read from its name: in the names of a series it is the number that changes from one to the
 * next. Undefined where a name has none.
 *
 * @param expected the frames that the job was to render: where the names could be read in several ways, that one is right
 * which gives more of them
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
  // A view of which there is but one frame is named as the others are.
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

/** The name with all numbers taken out. */
function patternOf({ stem, runs }: ReadName): string {
  let end = 0;
  const texts = runs.map(({ start, text }) => {
    const between = stem.slice(end, start);
    end = start + text.length;
    return between;
  });
  return [...texts, stem.slice(end)].join("#");
}

/** By the looks of the names, unless that gives frames that were not expected and another reading gives more that were. */
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

/** Each number as it stands; then without what all names have in common before and behind it. */
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
