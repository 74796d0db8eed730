// Documents that are on no disk: files of the library, compiled models, pages of rules. Nobody can edit them.

import * as vscode from "vscode";
import * as requests from "./requests";
import type { LanguageServer } from "./server";

export const MODEL = "policyspec-model";
export const RULE = "policyspec-rule";
const LIBRARY = "policyspec";

/** How long, in milliseconds, a text stays as it is before its model is made anew. */
const PAUSE = 500;

export function modelUri(policy: vscode.Uri): vscode.Uri {
  return vscode.Uri.from({ scheme: MODEL, path: `${policy.path}.json`, query: policy.toString() });
}

export function ruleUri(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme: RULE, path: `/${rule}.md` });
}

export function registerDocuments(server: LanguageServer): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const open = (scheme: string): vscode.Uri[] =>
    vscode.workspace.textDocuments.map((each) => each.uri).filter((uri) => uri.scheme === scheme);
  const renew = (...schemes: string[]): void => schemes.flatMap(open).forEach((uri) => changed.fire(uri));
  let pause: NodeJS.Timeout | undefined;

  const register = (scheme: string, text: (uri: vscode.Uri) => Promise<string>): vscode.Disposable =>
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: text,
    });

  return vscode.Disposable.from(
    changed,
    register(LIBRARY, async (uri) => (await server.ask(requests.text, { uri: uri.toString() }))?.text ?? "# The language server does not know this file.\n"),
    register(RULE, async (uri) => {
      const rule = uri.path.slice(1).replace(/\.md$/, "");
      const text = (await server.ask(requests.explain, { rule }))?.markdown ?? "The language server is not running.\n";
      return `# ${rule.replaceAll("_", "\\_")}\n\n${text}`;
    }),
    register(MODEL, async (uri) => {
      const model = await server.ask(requests.model, { textDocument: { uri: uri.query } });
      return model?.json ?? `${JSON.stringify({ errors: model?.errors ?? ["the language server is not running"] }, null, 2)}\n`;
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId === "policy") {
        clearTimeout(pause);
        pause = setTimeout(() => renew(MODEL), PAUSE);
      }
    }),
    // What was opened before the server was there, such as by an editor that restores its tabs.
    server.onDidStart(() => renew(LIBRARY, RULE, MODEL)),
    { dispose: () => clearTimeout(pause) },
  );
}
