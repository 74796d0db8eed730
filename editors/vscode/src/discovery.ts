// Where the language server is. Knows nothing of VS Code, so that it can be tested by itself.

import * as path from "node:path";

/** Where a server comes from: a setting, the workspace's .venv, the Python extension, PATH, or the extension itself. */
export type Origin = "setting" | "workspace" | "interpreter" | "path" | "own";

/** What starts `policyspec`; `lsp` and its arguments follow `args`. */
export interface Server {
  readonly command: string;
  readonly args: readonly string[];
  readonly origin: Origin;
}

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly isTrusted: boolean;
  /** The settings `policyspec.server.path` and `policyspec.importStrategy`. */
  readonly setting: string;
  readonly strategy: "fromEnvironment" | "useBundled";
  readonly home: string;
  /** The workspace's folders, and what the environment has as PATH. */
  readonly folders: readonly string[];
  readonly path: string;
  /** The interpreter that the Python extension has selected. */
  readonly interpreter: () => Promise<string | undefined>;
  /** The extension's own environments, the best first. */
  readonly own: readonly string[];
  readonly isFile: (file: string) => boolean;
  /** Whether a command ends well. */
  readonly runs: (command: string, args: readonly string[]) => Promise<boolean>;
  readonly log: (message: string) => void;
}

/** A server that can be started, or why there is none: one that is asked for in the settings is not replaced. */
export type Found = { readonly server: Server } | { readonly problem: "setting" | "none" };

export async function findServer(around: Surroundings): Promise<Found> {
  if (around.setting.trim() !== "") {
    const server = fromSetting(around);
    return server !== undefined && (await serves(server, around)) ? { server } : { problem: "setting" };
  }
  for await (const server of candidates(around)) {
    if (await serves(server, around)) {
      return { server };
    }
  }
  return { problem: "none" };
}

function fromSetting(around: Surroundings): Server | undefined {
  const { posix, win32 } = path;
  const { join, resolve } = around.platform === "win32" ? win32 : posix;
  const [folder = ""] = around.folders;
  let command = around.setting.trim().replaceAll("${workspaceFolder}", folder);
  if (/^~[/\\]/.test(command)) {
    command = join(around.home, command.slice(2));
  } else if (/[/\\]/.test(command)) {
    command = resolve(folder, command);
  } else {
    // A bare name is looked for as a shell does.
    command = onPath([command], around).next().value ?? command;
  }
  if (!around.isTrusted && isInside(command, around)) {
    around.log(`${command} is in a folder that is not trusted`);
    return undefined;
  }
  if (!around.isFile(command)) {
    around.log(`${command}, from the setting policyspec.server.path, is not there`);
    return undefined;
  }
  return { command, args: [], origin: "setting" };
}

/** The servers that there may be, in the order in which they are tried. */
async function* candidates(around: Surroundings): AsyncGenerator<Server> {
  if (around.strategy === "fromEnvironment") {
    if (around.isTrusted) {
      for (const folder of around.folders) {
        yield { command: inEnvironment(path.join(folder, ".venv"), "policyspec", around.platform), args: [], origin: "workspace" };
      }
      const interpreter = await around.interpreter();
      if (interpreter !== undefined) {
        // Without `-P`, a folder named policyspec in the workspace would be taken for the package.
        yield { command: interpreter, args: ["-P", "-m", "policyspec"], origin: "interpreter" };
      }
    }
    for (const command of onPath(["policyspec"], around)) {
      yield { command, args: [], origin: "path" };
    }
  }
  for (const folder of around.own) {
    yield { command: inEnvironment(folder, "policyspec", around.platform), args: [], origin: "own" };
  }
}

async function serves(server: Server, around: Surroundings): Promise<boolean> {
  if (!around.isFile(server.command)) {
    return false;
  }
  if (await around.runs(server.command, [...server.args, "lsp", "--help"])) {
    return true;
  }
  around.log(`${[server.command, ...server.args].join(" ")} has no language server`);
  return false;
}

/** An executable of a virtual environment. */
export function inEnvironment(folder: string, name: string, platform: NodeJS.Platform): string {
  return platform === "win32" ? path.join(folder, "Scripts", `${name}.exe`) : path.join(folder, "bin", name);
}

/** The files by these names on PATH, of each folder in turn; none of a workspace that is not trusted. */
export function* onPath(names: readonly string[], around: Pick<Surroundings, "platform" | "path" | "folders" | "isFile" | "isTrusted">): Generator<string> {
  const { delimiter, isAbsolute, join } = around.platform === "win32" ? path.win32 : path.posix;
  const suffix = around.platform === "win32" ? ".exe" : "";
  for (const folder of around.path.split(delimiter)) {
    // A relative one would depend on where the editor was started.
    if (!isAbsolute(folder) || (!around.isTrusted && isInside(folder, around))) {
      continue;
    }
    for (const name of names) {
      const file = join(folder, name.endsWith(suffix) ? name : name + suffix);
      if (around.isFile(file)) {
        yield file;
      }
    }
  }
}

function isInside(file: string, around: Pick<Surroundings, "platform" | "folders">): boolean {
  const { relative, isAbsolute } = around.platform === "win32" ? path.win32 : path.posix;
  return around.folders.some((folder) => {
    const way = relative(folder, file);
    return way === "" || (!way.startsWith("..") && !isAbsolute(way));
  });
}

/** A Python that can run the server: 3.11 or newer. */
export async function findPython(around: Surroundings): Promise<string | undefined> {
  const names = ["python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"];
  const interpreter = around.isTrusted ? await around.interpreter() : undefined;
  for (const python of [...(interpreter === undefined ? [] : [interpreter]), ...onPath(names, around)]) {
    const isNew = "import sys; sys.exit(sys.version_info < (3, 11))";
    if (around.isFile(python) && (await around.runs(python, ["-I", "-c", isNew]))) {
      return python;
    }
  }
  return undefined;
}
