// Places as the server names them in the arguments of commands.

import * as vscode from "vscode";

/** The document that a command is about: the one it is given, else that of the active editor. */
export async function documentOf(given: unknown): Promise<vscode.TextDocument | undefined> {
  const uri = given instanceof vscode.Uri ? given : typeof given === "string" ? vscode.Uri.parse(given) : undefined;
  if (uri !== undefined) {
    return vscode.workspace.openTextDocument(uri);
  }
  const active = vscode.window.activeTextEditor?.document;
  return active?.languageId === "policy" ? active : undefined;
}

/** A position of the protocol, or of the editor. */
export function positionOf(given: unknown): vscode.Position | undefined {
  const { line, character } = (given ?? {}) as { line?: unknown; character?: unknown };
  return typeof line === "number" && typeof character === "number" ? new vscode.Position(line, character) : undefined;
}
