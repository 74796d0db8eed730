import * as vscode from "vscode";
import { registerCommands } from "./commands";
import { registerDocuments } from "./documents";
import { registerPreview } from "./preview";
import { onDidSelect } from "./python";
import { languageServer, type LanguageServer } from "./server";
import { statusItem } from "./status";
import { registerTests } from "./testing";

/** The settings that decide which server runs. */
const DECISIVE = ["policyspec.server.path", "policyspec.server.arguments", "policyspec.importStrategy"];

let server: LanguageServer | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("policyspec", { log: true });
  const status = statusItem();
  const made = languageServer(context, output, status);
  server = made;
  const restart = (): void => void made.restart();
  context.subscriptions.push(
    output,
    status,
    registerCommands(made, output),
    registerDocuments(made),
    registerPreview(context, made),
    registerTests(made),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    onDidSelect(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (DECISIVE.some((each) => event.affectsConfiguration(each))) {
        restart();
      }
    }),
  );
  // Whatever comes of it, the status shows: an editor without a server still has colours.
  void made.start();
}

export async function deactivate(): Promise<void> {
  await server?.dispose();
}
