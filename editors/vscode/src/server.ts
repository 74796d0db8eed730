// The language server's life: found, started, watched, started anew.

import { homedir } from "node:os";
import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State, type LanguageClientOptions, type RequestType } from "vscode-languageclient/node";
import { findServer, type Origin, type Server, type Surroundings } from "./discovery";
import { environments, install, isOutdated } from "./installation";
import { isFile, runs } from "./processes";
import * as python from "./python";
import * as requests from "./requests";
import type { StatusItem } from "./status";

/** The commands that this extension runs when the server names them, in lenses and quick fixes. */
export const COMMANDS = ["policyspec.references", "policyspec.runTest", "policyspec.preview", "policyspec.explainRule", "policyspec.showModel"];

/** How often a server is started again that ends by itself, within `WITHIN` milliseconds. */
const RESTARTS = 4;
const WITHIN = 180_000;

const ORIGINS: Record<Origin, string> = {
  setting: "from the setting policyspec.server.path",
  workspace: "from the workspace's .venv",
  interpreter: "from the Python extension's interpreter",
  path: "from PATH",
  own: "installed by this extension",
};

export interface LanguageServer extends vscode.Disposable {
  readonly start: () => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly install: () => Promise<void>;
  /** Asks the server; undefined where it does not run or cannot say, and that has been logged. */
  readonly ask: <P, R>(request: RequestType<P, R, void>, params: P, token?: vscode.CancellationToken) => Promise<R | undefined>;
  readonly isRunning: () => boolean;
  /** The server is ready to be asked. */
  readonly onDidStart: vscode.Event<void>;
  /** Where LSP's positions and VS Code's are converted. */
  readonly converter: () => LanguageClient["protocol2CodeConverter"] | undefined;
}

export function languageServer(context: vscode.ExtensionContext, output: vscode.LogOutputChannel, status: StatusItem): LanguageServer {
  const started = new vscode.EventEmitter<void>();
  let client: LanguageClient | undefined;
  // Starts and stops come one behind the other, whoever asks for them.
  let queue: Promise<void> = Promise.resolve();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    queue = queue.then(work).catch((error: unknown) => output.error(String(error)));
    return queue;
  };

  async function start(): Promise<void> {
    if (client !== undefined) {
      return;
    }
    if (isVirtual()) {
      status.show("off", "policies are not on a disk here");
      return;
    }
    status.show("starting");
    const around = surroundings(context, output);
    const found = await findServer(around);
    if ("problem" in found) {
      status.show("failed", "no language server");
      void offer(found.problem);
      return;
    }
    output.info(`language server: ${[found.server.command, ...found.server.args].join(" ")}, ${ORIGINS[found.server.origin]}`);
    status.from(ORIGINS[found.server.origin]);
    const made = connect(found.server);
    client = made;
    try {
      await made.start();
      started.fire();
      if (found.server.origin === "own" && isOutdated(context, found.server.command)) {
        void offerUpdate();
      }
    } catch (error) {
      client = undefined;
      output.error(`the language server does not start: ${String(error)}`);
      failed("The policyspec language server does not start.");
    }
  }

  async function stop(): Promise<void> {
    const old = client;
    client = undefined;
    if (old !== undefined) {
      await old.dispose(2000).catch((error: unknown) => output.warn(String(error)));
    }
  }

  const restart = (): Promise<void> =>
    inTurn(async () => {
      await stop();
      await start();
    });

  function connect(server: Server): LanguageClient {
    const extra = settings().get<string[]>("server.arguments", []);
    const ends: number[] = [];
    const options: LanguageClientOptions = {
      documentSelector: ["file", "untitled", "policyspec"].map((scheme) => ({ language: "policy", scheme })),
      initializationOptions: {
        settings: JSON.parse(JSON.stringify(settings())) as unknown,
        commands: COMMANDS,
        ruleLink: `command:policyspec.explainRule?${encodeURIComponent('["')}{rule}${encodeURIComponent('"]')}`,
        status: true,
      },
      synchronize: { configurationSection: "policyspec" },
      outputChannel: output,
      traceOutputChannel: output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      markdown: { isTrusted: { enabledCommands: COMMANDS } },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          const now = Date.now();
          ends.push(now);
          const recent = ends.filter((time) => now - time < WITHIN).length;
          if (client === made && recent <= RESTARTS) {
            output.warn("the language server has ended, and is started again");
            return { action: CloseAction.Restart, handled: true };
          }
          if (client === made) {
            failed("The policyspec language server has ended several times, and is not started again.");
          }
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    };
    const made = new LanguageClient(
      "policyspec",
      "policyspec",
      { command: server.command, args: [...server.args, "lsp", ...extra], options: { env: { ...process.env, PYTHONUTF8: "1" } } },
      options,
    );
    made.onNotification(requests.status, (told) => {
      status.show(told.state === "error" ? "failed" : told.state, told.message, told.version);
      if (told.state === "ready") {
        started.fire();
      }
    });
    made.onDidChangeState(({ newState }) => {
      if (client === made && newState === State.Running) {
        status.show("ready", "", made.initializeResult?.serverInfo?.version);
      } else if (client === made && newState === State.Starting) {
        status.show("starting");
      }
    });
    return made;
  }

  function failed(message: string): void {
    status.show("failed", message);
    const [show, again, open] = ["Show Output", "Restart", "Settings"];
    void vscode.window.showErrorMessage(message, show!, again!, open!).then((chosen) => {
      if (chosen === show) {
        output.show();
      } else if (chosen === again) {
        void restart();
      } else if (chosen === open) {
        void openSettings();
      }
    });
  }

  /** There is no server: let the user choose how to get one. */
  async function offer(problem: "setting" | "none"): Promise<void> {
    const [now, open, show] = ["Install", "Settings", "Show Output"];
    const message =
      problem === "setting"
        ? "“policyspec.server.path” leads to no policyspec with a language server."
        : "No policyspec with a language server was found. Shall the extension install its own? It makes a Python environment in its storage folder and downloads what the server depends on.";
    const passed = vscode.workspace.isTrusted ? "" : " The folder is not trusted, so what it has of its own is passed over.";
    const buttons = problem === "setting" ? [open!, show!] : [now!, open!, show!];
    const chosen = await vscode.window.showWarningMessage(message + passed, ...buttons);
    if (chosen === now) {
      await installed();
    } else if (chosen === open) {
      await openSettings();
    } else if (chosen === show) {
      output.show();
    }
  }

  async function offerUpdate(): Promise<void> {
    const now = "Update";
    if ((await vscode.window.showInformationMessage("The policyspec language server is of an earlier version of the extension.", now)) === now) {
      await installed();
    }
  }

  async function installed(): Promise<void> {
    // One that runs may keep files of the environment open.
    await inTurn(stop);
    await install(context, surroundings(context, output), output);
    await restart();
  }

  const ask: LanguageServer["ask"] = async (request, params, token) => {
    const asked = client;
    if (asked === undefined || !asked.isRunning()) {
      return undefined;
    }
    try {
      return token === undefined ? await asked.sendRequest(request, params) : await asked.sendRequest(request, params, token);
    } catch (error) {
      output.warn(`${request.method}: ${String(error)}`);
      return undefined;
    }
  };

  return {
    start: () => inTurn(start),
    restart,
    install: installed,
    ask,
    isRunning: () => client?.isRunning() ?? false,
    onDidStart: started.event,
    converter: () => client?.protocol2CodeConverter,
    dispose: () => {
      started.dispose();
      return inTurn(stop);
    },
  };
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("policyspec");
}

function openSettings(): Thenable<unknown> {
  return vscode.commands.executeCommand("workbench.action.openSettings", "policyspec.");
}

/** Whether the workspace has folders, and none of them is on a disk. */
function isVirtual(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 0 && folders.every((each) => each.uri.scheme !== "file");
}

function surroundings(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Surroundings {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((each) => each.uri.scheme === "file");
  return {
    platform: process.platform,
    isTrusted: vscode.workspace.isTrusted,
    setting: settings().get("server.path", ""),
    strategy: settings().get("importStrategy", "fromEnvironment"),
    home: homedir(),
    folders: folders.map((each) => each.uri.fsPath),
    path: process.env["PATH"] ?? process.env["Path"] ?? "",
    interpreter: () => python.interpreter(folders[0]?.uri, output),
    own: environments(context),
    isFile,
    runs: (command, args) => runs(command, args),
    log: (message) => output.info(message),
  };
}
