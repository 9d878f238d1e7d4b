import { Argument, Command, type CommandUnknownOpts } from "@commander-js/extra-typings";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

const HELP = `
Examples:
  source <(renderjuice completion bash)         in ~/.bashrc
  source <(renderjuice completion zsh)          in ~/.zshrc
  renderjuice completion fish | source          in ~/.config/fish/config.fish`;

/** @param getProgram the program whose commands and options to complete */
export function createCompletionCommand(getProgram: () => CommandUnknownOpts) {
  return new Command("completion")
    .description("print a script that completes commands and options in a shell")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .addHelpText("after", HELP)
    .action((shell) => {
      process.stdout.write(completionScript(shell, getProgram()));
    });
}

export function completionScript(shell: Shell, program: CommandUnknownOpts): string {
  if (shell === "fish") return fishScript(program);
  const script = bashScript(program);
  return shell === "zsh" ? `autoload -U +X bashcompinit && bashcompinit\n${script}` : script;
}

/** Completes file names if nothing else fits. */
function bashScript(program: CommandUnknownOpts): string {
  const cases = program.commands.map(
    (command) => `    ${command.name()}) words="${optionsOf(program, command)}" ;;`,
  );
  return `_renderjuice() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${program.commands.map((command) => command.name()).join(" ")}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _renderjuice renderjuice
`;
}

function fishScript(program: CommandUnknownOpts): string {
  const commands = program.commands.map(
    (command) =>
      `complete -c renderjuice -n __fish_use_subcommand -a ${command.name()} -d '${quote(command.description())}'`,
  );
  const options = program.commands.flatMap((command) =>
    [...command.options, ...program.options].flatMap(({ long, description }) =>
      long
        ? [
            `complete -c renderjuice -n '__fish_seen_subcommand_from ${command.name()}' -l ${long.slice(2)} -d '${quote(description)}'`,
          ]
        : [],
    ),
  );
  return `${[...commands, ...options].join("\n")}\n`;
}

function optionsOf(program: CommandUnknownOpts, command: CommandUnknownOpts): string {
  return [...command.options, ...program.options].flatMap(({ long }) => (long ? [long] : [])).join(" ");
}

function quote(text: string): string {
  return text.replace(/'/g, "\\'");
}
