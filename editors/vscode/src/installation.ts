// The extension's own language server: a virtual environment of its own, made when the user asks for it.

import { readdirSync, rmSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { findPython, inEnvironment, type Surroundings } from "./discovery";
import { run } from "./processes";

const PREFIX = "server-";

/** The wheel that comes with the extension, if it was built with one. */
function wheel(context: vscode.ExtensionContext): string | undefined {
  const name = names(context.asAbsolutePath("bundled")).find((each) => each.endsWith(".whl"));
  return name === undefined ? undefined : context.asAbsolutePath(path.join("bundled", name));
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The environment for the wheel of this version of the extension; others are of earlier ones. */
function folderOf(context: vscode.ExtensionContext, file: string): string {
  return path.join(context.globalStorageUri.fsPath, PREFIX + (path.basename(file).split("-")[1] ?? ""));
}

/** The environments there are: first the one for this version, then what earlier ones have left. */
export function environments(context: vscode.ExtensionContext): string[] {
  const file = wheel(context);
  const current = file === undefined ? undefined : folderOf(context, file);
  const root = context.globalStorageUri.fsPath;
  const there = names(root).filter((name) => name.startsWith(PREFIX)).map((name) => path.join(root, name));
  return there.sort((one, other) => Number(other === current) - Number(one === current));
}

/** Whether a server is of an environment that an earlier version of the extension has made. */
export function isOutdated(context: vscode.ExtensionContext, command: string): boolean {
  const file = wheel(context);
  return file !== undefined && !command.startsWith(folderOf(context, file) + path.sep);
}

/** Makes the environment. Says what is wrong if that fails; returns whether there is a server now. */
export async function install(context: vscode.ExtensionContext, around: Surroundings, output: vscode.LogOutputChannel): Promise<boolean> {
  const file = wheel(context);
  if (file === undefined) {
    void vscode.window.showErrorMessage("This build of the extension comes without a language server. Install policyspec with pip, and set “policyspec.server.path” if it is not on PATH.");
    return false;
  }
  const python = await findPython(around);
  if (python === undefined) {
    const download = "Get Python";
    const chosen = await vscode.window.showErrorMessage("The policyspec language server needs Python 3.11 or newer, and none was found.", download);
    if (chosen === download) {
      void vscode.env.openExternal(vscode.Uri.parse("https://www.python.org/downloads/"));
    }
    return false;
  }
  const folder = folderOf(context, file);
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "Installing the policyspec language server", cancellable: true },
      async (progress, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        const log = (line: string): void => output.info(line);
        await vscode.workspace.fs.createDirectory(context.globalStorageUri);
        progress.report({ message: "making an environment" });
        await run(python, ["-I", "-m", "venv", "--clear", folder], log, abort.signal);
        progress.report({ message: "downloading what it depends on" });
        const pip = ["-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"];
        await run(inEnvironment(folder, "python", process.platform), [...pip, file], log, abort.signal);
      },
    );
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    output.error(error instanceof Error ? error.message : String(error));
    const show = "Show Output";
    const chosen = await vscode.window.showErrorMessage(
      "The policyspec language server could not be installed. That needs Python's venv and pip, and a connection to the package index.",
      show,
    );
    if (chosen === show) {
      output.show();
    }
    return false;
  }
  for (const other of environments(context).filter((each) => each !== folder)) {
    rmSync(other, { recursive: true, force: true });
  }
  return true;
}
