// A readable page of a policy beside its text. Each follows the other.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { toCodePoints, toUnits } from "./offsets";
import { frame } from "./page";
import { documentOf } from "./places";
import * as requests from "./requests";
import type { LanguageServer } from "./server";

const TYPE = "policyspec.preview";

/** How long, in milliseconds, nothing is typed before the page is made anew. */
const PAUSE = 150;
/** For how long the page is not scrolled after it was what moved the editor. */
const QUIET = 400;

/** What the page's script says: that it is there, or that a place was clicked. */
type Said = { readonly type: "ready" } | { readonly type: "show"; readonly start: number; readonly focus: boolean };

interface Preview {
  readonly panel: vscode.WebviewPanel;
  readonly uri: vscode.Uri;
  css: string | undefined;
  quietUntil: number;
}

export function registerPreview(context: vscode.ExtensionContext, server: LanguageServer): vscode.Disposable {
  const media = vscode.Uri.joinPath(context.extensionUri, "media");
  const previews = new Map<string, Preview>();
  let pause: NodeJS.Timeout | undefined;

  function open(uri: vscode.Uri): void {
    const there = previews.get(uri.toString());
    if (there !== undefined) {
      there.panel.reveal(undefined, true);
      return;
    }
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    adopt(vscode.window.createWebviewPanel(TYPE, titleOf(uri), where, { enableFindWidget: true }), uri);
  }

  function adopt(panel: vscode.WebviewPanel, uri: vscode.Uri): void {
    const preview: Preview = { panel, uri, css: undefined, quietUntil: 0 };
    previews.set(uri.toString(), preview);
    panel.webview.options = { enableScripts: true, localResourceRoots: [media] };
    panel.iconPath = { light: vscode.Uri.joinPath(media, "file-light.svg"), dark: vscode.Uri.joinPath(media, "file-dark.svg") };
    panel.onDidDispose(() => previews.delete(uri.toString()));
    panel.webview.onDidReceiveMessage((said: Said) => {
      if (said.type === "ready") {
        void update(preview, true);
      } else {
        void show(preview, said.start, said.focus);
      }
    });
    void update(preview);
  }

  /** Brings the page up to date; all of it where the styles are other ones, else what is in it. */
  async function update(preview: Preview, isEmpty = false): Promise<void> {
    if (!preview.panel.visible && preview.css !== undefined) {
      return;
    }
    const page = await server.ask(requests.preview, { textDocument: { uri: preview.uri.toString() } });
    if (!previews.has(preview.uri.toString())) {
      return;
    }
    const css = page?.css ?? "";
    if (preview.css !== css) {
      preview.css = css;
      const { webview } = preview.panel;
      const nonce = randomBytes(16).toString("base64");
      webview.html = frame({
        nonce,
        source: webview.cspSource,
        script: webview.asWebviewUri(vscode.Uri.joinPath(media, "preview.js")).toString(),
        style: webview.asWebviewUri(vscode.Uri.joinPath(media, "preview.css")).toString(),
        language: page?.language ?? vscode.env.language,
        title: page?.title ?? "",
        css,
      });
      if (!isEmpty) {
        // Its script asks for the rest once it is there.
        return;
      }
    }
    const html = page?.html ?? "<p>There is nothing to show: the language server is not running, or does not know this file.</p>";
    await preview.panel.webview.postMessage({ type: "page", html, language: page?.language ?? "", uri: preview.uri.toString() });
    const editor = vscode.window.visibleTextEditors.find((each) => each.document.uri.toString() === preview.uri.toString());
    if (isEmpty && editor !== undefined) {
      follow(editor, "cursor");
    }
  }

  /** Tells the page where the cursor is, or the top of what is seen of the text. */
  function follow(editor: vscode.TextEditor, type: "cursor" | "scroll"): void {
    const preview = previews.get(editor.document.uri.toString());
    if (preview === undefined || (type === "scroll" && Date.now() < preview.quietUntil)) {
      return;
    }
    const { line, character } = type === "cursor" ? editor.selection.active : (editor.visibleRanges[0]?.start ?? new vscode.Position(0, 0));
    // What is in front of a line's first word belongs to that word.
    const place = new vscode.Position(line, Math.max(character, editor.document.lineAt(line).firstNonWhitespaceCharacterIndex));
    const offset = toCodePoints(editor.document.getText(), editor.document.offsetAt(place));
    void preview.panel.webview.postMessage({ type, offset, isTop: place.line === 0 });
  }

  /** Puts the cursor where something was clicked. */
  async function show(preview: Preview, start: number, focus: boolean): Promise<void> {
    preview.quietUntil = Date.now() + QUIET;
    const document = await vscode.workspace.openTextDocument(preview.uri);
    const place = document.positionAt(toUnits(document.getText(), start));
    const seen = vscode.window.visibleTextEditors.find((each) => each.document === document);
    const range = new vscode.Range(place, place);
    if (seen !== undefined && !focus) {
      seen.selection = new vscode.Selection(place, place);
      seen.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    } else {
      const viewColumn = seen?.viewColumn ?? vscode.ViewColumn.One;
      await vscode.window.showTextDocument(document, { viewColumn, selection: range, preserveFocus: !focus });
    }
  }

  const updateAll = (): void => previews.forEach((each) => void update(each));

  return vscode.Disposable.from(
    vscode.commands.registerCommand("policyspec.preview", async (given: unknown) => {
      const document = await documentOf(given);
      if (document !== undefined) {
        open(document.uri);
      }
    }),
    vscode.window.registerWebviewPanelSerializer(TYPE, {
      deserializeWebviewPanel: async (panel, state: { uri?: string } | undefined) => {
        if (state?.uri === undefined) {
          panel.dispose();
        } else {
          adopt(panel, vscode.Uri.parse(state.uri));
        }
      },
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      // Also of a file that the policy imports.
      if (document.languageId === "policy" && contentChanges.length > 0 && previews.size > 0) {
        clearTimeout(pause);
        pause = setTimeout(updateAll, PAUSE);
      }
    }),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("policyspec.language") && updateAll()),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => follow(textEditor, "cursor")),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => follow(textEditor, "scroll")),
    server.onDidStart(updateAll),
    { dispose: () => (clearTimeout(pause), previews.forEach((each) => each.panel.dispose())) },
  );
}

function titleOf(uri: vscode.Uri): string {
  return `Preview ${uri.path.split("/").pop() ?? ""}`;
}
