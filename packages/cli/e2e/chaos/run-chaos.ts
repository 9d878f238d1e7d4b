import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DEMO_SCENE } from "../scenes.ts";
import { startCli, wordsOf } from "../with-cli.ts";
import { KillableFarm } from "./killable-farm.ts";
import { createRandom, type Random } from "./random.ts";

const VICTIMS = ["the CLI, killed", "the CLI, interrupted", "the sandbox, killed"] as const;
type Victim = (typeof VICTIMS)[number];

export interface ChaosOptions {
  /** How many processes die, at random moments. */
  readonly kills: number;
  readonly seed: number;
  readonly log?: (line: string) => void;
}

export interface ChaosReport {
  readonly scenes: number;
  readonly kills: Readonly<Record<Victim, number>>;
  /** Empty when each scene ended with its own frames and one render, started by the printed command. */
  readonly problems: readonly string[];
}

interface SceneRun {
  readonly tag: string;
  readonly out: string;
  readonly frames: readonly number[];
  readonly words: readonly string[];
}

/**
 * Submits scenes, kills the CLI or the sandbox at random moments, and continues with the command that was printed, or the
 * first one if there was none. Frames and settings differ from scene to scene, so that a wrong render is noticed.
 */
export async function runChaos({ kills, seed, log = () => {} }: ChaosOptions): Promise<ChaosReport> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-chaos-"));
  try {
    await using farm = await KillableFarm.start(folder);
    return await new Chaos(farm, folder, createRandom(seed), log).run(kills);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class Chaos {
  readonly #farm: KillableFarm;
  readonly #folder: string;
  readonly #random: Random;
  readonly #log: (line: string) => void;
  readonly #kills: Record<Victim, number>;
  readonly #problems: string[] = [];
  /** How long an undisturbed scene takes. */
  #usualMs = 0;

  constructor(farm: KillableFarm, folder: string, random: Random, log: (line: string) => void) {
    this.#farm = farm;
    this.#folder = folder;
    this.#random = random;
    this.#log = log;
    this.#kills = { "the CLI, killed": 0, "the CLI, interrupted": 0, "the sandbox, killed": 0 };
  }

  async run(kills: number): Promise<ChaosReport> {
    const startedMs = performance.now();
    await this.#finish(this.#planScene(0), undefined);
    this.#usualMs = performance.now() - startedMs;
    let scenes = 1;
    for (; this.#killed() < kills; scenes++) await this.#disturb(this.#planScene(scenes));
    return { scenes, kills: this.#kills, problems: this.#problems };
  }

  #killed(): number {
    return Object.values(this.#kills).reduce((sum, count) => sum + count, 0);
  }

  #planScene(index: number): SceneRun {
    const first = this.#random.integer(1, 40);
    const frames = Array.from({ length: this.#random.integer(2, 5) }, (_, offset) => first + offset);
    const tag = `it's scene ${index}`;
    const out = join(this.#folder, `frames of ${index}`);
    const range = `${first}-${frames.at(-1)}`;
    const options = ["--frames", range, "--set", `notes=${tag}`, "--set", "resolutionPercentage=25"];
    return { tag, out, frames, words: ["submit", DEMO_SCENE, ...options, "--out", out] };
  }

  /** One kill, and sometimes another one of the command that continues; then it may finish. */
  async #disturb(scene: SceneRun): Promise<void> {
    let next: string | undefined;
    do {
      const outcome = await this.#runAndKill(scene, this.#random.pick(VICTIMS), next);
      if (outcome.isDone) return this.#check(scene, "it ended by itself");
      next = outcome.next ?? next;
    } while (this.#random.chance(0.3));
    await this.#finish(scene, next);
  }

  async #runAndKill(scene: SceneRun, victim: Victim, command: string | undefined) {
    const isJson = victim === "the CLI, killed" || this.#random.chance(0.5);
    const program = startCli(this.#wordsFor(scene, command, isJson), this.#farm.env);
    let hasEnded = false;
    void program.outcome.then(() => {
      hasEnded = true;
    });
    const afterMs = Math.round(this.#random.number() * this.#usualMs);
    await delay(afterMs);
    if (!hasEnded) {
      this.#kills[victim] += 1;
      if (victim === "the CLI, killed") program.process.kill("SIGKILL");
      if (victim === "the CLI, interrupted") program.process.kill("SIGINT");
      if (victim === "the sandbox, killed") await this.#restartFarm();
    }
    const { exitCode, stdout, stderr } = await program.outcome;
    const next = printedCommand(stdout, stderr);
    this.#log(
      `${this.#killed()}: ${scene.tag}, ${victim} after ${afterMs} ms, ended with ${exitCode}; ${next ?? "nothing printed"}`,
    );
    return { isDone: exitCode === 0, next };
  }

  async #restartFarm(): Promise<void> {
    await this.#farm.kill();
    await delay(this.#random.number() * 1500);
    await this.#farm.comeBack();
  }

  #wordsFor({ words }: SceneRun, command: string | undefined, isJson: boolean): string[] {
    const all = command === undefined ? words : wordsOf(command);
    return [...(isJson ? ["--json"] : []), ...all.filter((word) => word !== "--json")];
  }

  async #finish(scene: SceneRun, command: string | undefined): Promise<void> {
    const program = startCli(this.#wordsFor(scene, command, false), this.#farm.env);
    const { exitCode, stdout, stderr } = await program.outcome;
    const how = `after ${command ?? "the first command again"}, which ended with ${exitCode}\n${stdout}${stderr}`;
    if (exitCode !== 0) this.#complain(scene, "did not get through", how);
    await this.#check(scene, how);
  }

  /** Checks the result, here and on the farm. */
  async #check(scene: SceneRun, how: string): Promise<void> {
    const all = await this.#farm.jobs();
    const jobs = all.filter(({ requestedConfig }) => requestedConfig?.notes === scene.tag);
    const [job] = jobs;
    if (jobs.length !== 1 || job?.status !== "completed")
      this.#complain(scene, `has ${jobs.map(({ id, status }) => `${id} ${status}`).join(", ")}`, how);
    if (job?.finalConfig?.resolutionPercentage !== 25)
      this.#complain(scene, "was rendered with other settings", how);
    const files = (await framesIn(scene.out)).join();
    const expected = scene.frames.map((frame) => `frame_${String(frame).padStart(4, "0")}.png`).join();
    if (files !== expected) this.#complain(scene, `has ${files} instead of ${expected}`, how);
  }

  #complain({ tag }: SceneRun, problem: string, how: string): void {
    this.#problems.push(`${tag} ${problem}: ${how}`);
    this.#log(`✖ ${tag} ${problem}`);
  }
}

/** The last command that was printed, which a program or a person would run. */
function printedCommand(stdout: string, stderr: string): string | undefined {
  const told = stdout
    .split("\n")
    .flatMap((line) => parseEvent(line)?.next ?? [])
    .at(-1);
  return told ?? /^.*Next: +(renderjuice .*)$/m.exec(stderr)?.[1];
}

/** A process that is killed may leave half a line. */
function parseEvent(line: string): { readonly next?: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Complete images, and everything else except the program's own files. */
async function framesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith(".")).sort();
  const isWhole = async (name: string) => (await readFile(join(folder, name))).includes("IEND");
  return Promise.all(names.map(async (name) => ((await isWhole(name)) ? name : `${name} (cut off)`)));
}
