// The extension's commands, those in the palette and those that the server names.

import * as vscode from "vscode";
import { modelUri, ruleUri } from "./documents";
import { documentOf, positionOf } from "./places";
import * as requests from "./requests";
import type { LanguageServer } from "./server";

export function registerCommands(server: LanguageServer, output: vscode.LogOutputChannel): vscode.Disposable {
  const register = (name: string, call: (...given: unknown[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`policyspec.${name}`, call);
  return vscode.Disposable.from(
    register("restart", () => server.restart()),
    register("installServer", () => server.install()),
    register("showOutput", () => output.show()),
    register("showModel", showModel),
    register("references", showReferences),
    register("explainRule", explainRule),
    register("newPolicy", async () => {
      const made = await server.ask(requests.newPolicy, {});
      if (made === undefined) {
        void vscode.window.showWarningMessage("The policyspec language server is not running.");
      }
      const document = await vscode.workspace.openTextDocument({ language: "policy", content: made?.text ?? "" });
      await vscode.window.showTextDocument(document);
    }),
  );
}

async function showModel(given: unknown): Promise<void> {
  const policy = await documentOf(given);
  if (policy === undefined) {
    return;
  }
  const document = await vscode.workspace.openTextDocument(modelUri(policy.uri));
  await vscode.languages.setTextDocumentLanguage(document, "json");
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
}

async function showReferences(given: unknown, place: unknown): Promise<void> {
  const document = await documentOf(given);
  const position = positionOf(place);
  if (document === undefined || position === undefined) {
    return;
  }
  const found = await vscode.commands.executeCommand<vscode.Location[]>("vscode.executeReferenceProvider", document.uri, position);
  await vscode.commands.executeCommand("editor.action.showReferences", document.uri, position, found);
}

async function explainRule(given: unknown): Promise<void> {
  const rule = typeof given === "string" && given !== "" ? given : await chooseRule();
  if (rule === undefined || rule === "") {
    return;
  }
  const uri = ruleUri(rule);
  // The document has to be there before the preview of Markdown, which does not wait for it.
  await vscode.workspace.openTextDocument(uri);
  await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
}

/** One of the rules that have found something in the active file, or whatever is typed. */
async function chooseRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const found = editor === undefined ? [] : vscode.languages.getDiagnostics(editor.document.uri);
  const named = found
    .filter((each) => each.source === "policyspec")
    .sort((one, other) => Number(touches(other, editor)) - Number(touches(one, editor)))
    .flatMap((each) => (typeof each.code === "object" ? [{ rule: String(each.code.value), message: each.message }] : typeof each.code === "string" ? [{ rule: each.code, message: each.message }] : []));
  const items = [...new Map(named.reverse().map((each) => [each.rule, each.message]))].reverse();
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick();
    const listed = items.map(([label, detail]) => ({ label, detail }));
    pick.placeholder = "The name of a rule, such as contradiction";
    pick.items = listed;
    pick.onDidChangeValue((value) => {
      // What is typed may be chosen too: there are more rules than have found something here.
      pick.items = value === "" || items.some(([rule]) => rule === value) ? listed : [...listed, { label: value, detail: "", alwaysShow: true }];
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.label ?? pick.value);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function touches(found: vscode.Diagnostic, editor: vscode.TextEditor | undefined): boolean {
  return editor !== undefined && found.range.intersection(editor.selection) !== undefined;
}
