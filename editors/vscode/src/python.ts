// The Python extension, if it is there.

import * as vscode from "vscode";

const ID = "ms-python.python";

/** As far as it is used here; the whole is in @vscode/python-extension. */
interface Api {
  readonly environments: {
    readonly getActiveEnvironmentPath: (resource?: vscode.Uri) => object;
    readonly resolveEnvironment: (path: object) => Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

async function api(): Promise<Api | undefined> {
  const found = vscode.extensions.getExtension<Api>(ID);
  const exports = found === undefined ? undefined : await found.activate();
  return exports?.environments === undefined ? undefined : exports;
}

const selected = new vscode.EventEmitter<void>();
let isHeard = false;

/** Another interpreter has been selected since it was asked for. */
export const onDidSelect = selected.event;

/** The interpreter that is selected for a folder. */
export async function interpreter(folder: vscode.Uri | undefined, output: vscode.LogOutputChannel): Promise<string | undefined> {
  try {
    const environments = (await api())?.environments;
    if (environments !== undefined && !isHeard) {
      isHeard = true;
      environments.onDidChangeActiveEnvironmentPath(() => selected.fire());
    }
    const found = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
    return found?.executable.uri?.fsPath;
  } catch (error) {
    output.warn(`the Python extension does not say which interpreter is selected: ${String(error)}`);
    return undefined;
  }
}
