type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a scene may see of our environment. Everything else stays out: it holds API keys.
 * `OCIO` names a studio's colour configuration; the display variables let old versions render with Eevee.
 */
const ALLOWED = new Set([
  "PATH",
  "LANG",
  "LC_ALL",
  "TZ",
  "OCIO",
  "LD_LIBRARY_PATH",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "XDG_RUNTIME_DIR",
  "NUMBER_OF_PROCESSORS",
  "PATHEXT",
  "PROCESSOR_ARCHITECTURE",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "WINDIR",
]);

/** Blender's environment: an allow-list of ours, and a home and a temporary folder that go away with the job. */
export function blenderEnvironment(env: Environment, homeDir: string): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && ALLOWED.has(entry[0].toUpperCase()),
  );
  const home = ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP"];
  return { ...Object.fromEntries(kept), ...Object.fromEntries(home.map((name) => [name, homeDir])) };
}
