// The tests of policies in the Test Explorer.

import * as vscode from "vscode";
import { documentOf, positionOf } from "./places";
import * as requests from "./requests";
import type { LanguageServer } from "./server";

/** How many files are looked through for tests, and how long, in milliseconds, a text stays as it is before it is looked at. */
const MOST = 2000;
const PAUSE = 300;

export function registerTests(server: LanguageServer): vscode.Disposable {
  const controller = vscode.tests.createTestController("policyspec", "Policy tests");
  const pauses = new Map<string, NodeJS.Timeout>();
  // Those whose tests are run again whenever a text changes.
  const continuous = new Set<vscode.TestRunRequest>();

  /** Brings a file's tests up to date. */
  async function refresh(uri: vscode.Uri): Promise<void> {
    const found = (await server.ask(requests.tests, { textDocument: { uri: uri.toString() } })) ?? [];
    const id = uri.toString();
    if (found.length === 0) {
      controller.items.delete(id);
      return;
    }
    const file = controller.items.get(id) ?? controller.createTestItem(id, vscode.workspace.asRelativePath(uri), uri);
    const converter = server.converter();
    file.children.replace(
      found.map((each) => {
        const item = file.children.get(each.id) ?? controller.createTestItem(each.id, each.label, uri);
        item.label = each.label;
        item.range = converter?.asRange(each.range);
        return item;
      }),
    );
    controller.items.add(file);
  }

  async function refreshAll(): Promise<void> {
    if (!server.isRunning()) {
      return;
    }
    const files = await vscode.workspace.findFiles("**/*.policy", undefined, MOST);
    const open = vscode.workspace.textDocuments.filter((each) => each.languageId === "policy" && each.uri.scheme !== "policyspec").map((each) => each.uri);
    const uris = new Map([...files, ...open].map((uri) => [uri.toString(), uri]));
    for (const [id] of [...controller.items]) {
      if (!uris.has(id)) {
        controller.items.delete(id);
      }
    }
    await Promise.all([...uris.values()].map(refresh));
  }

  /** Runs tests, all of them where none are named. */
  async function run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = controller.createTestRun(request);
    const wanted = new Map<vscode.TestItem, vscode.TestItem[]>();
    const included = request.include ?? [...controller.items].map(([, item]) => item);
    for (const item of included) {
      const file = item.parent ?? item;
      const tests = item.parent === undefined ? [...item.children].map(([, each]) => each) : [item];
      const kept = tests.filter((each) => !request.exclude?.includes(each) && !request.exclude?.includes(file));
      wanted.set(file, [...new Set([...(wanted.get(file) ?? []), ...kept])]);
    }
    for (const test of [...wanted.values()].flat()) {
      run.enqueued(test);
    }
    for (const [file, tests] of wanted) {
      if (token.isCancellationRequested) {
        break;
      }
      const begun = Date.now();
      tests.forEach((each) => run.started(each));
      const ids = tests.map((each) => each.id);
      const results = await server.ask(requests.runTests, { textDocument: { uri: file.id }, ids }, token);
      const each = (Date.now() - begun) / Math.max(tests.length, 1);
      for (const test of tests) {
        report(run, test, results?.filter((result) => result.id === test.id) ?? [], each);
      }
    }
    run.end();
  }

  /** What came of a test; a test may have several results, one for each of its questions. */
  function report(run: vscode.TestRun, test: vscode.TestItem, results: readonly requests.Result[], duration: number): void {
    const converter = server.converter();
    const messages = results
      .filter((each) => !each.passed)
      .map((each) => {
        const message = new vscode.TestMessage(each.message);
        if (test.uri !== undefined && converter !== undefined) {
          message.location = new vscode.Location(test.uri, converter.asRange(each.range));
        }
        return message;
      });
    if (results.length === 0) {
      run.errored(test, new vscode.TestMessage("The language server does not say what comes of it."), duration);
    } else if (messages.length > 0) {
      run.failed(test, messages, duration);
    } else {
      run.passed(test, duration);
    }
    for (const each of results) {
      run.appendOutput(`${each.passed ? "✓" : "✗"} ${test.label}${each.passed ? "" : `: ${each.message}`}\r\n`.replace(/(?<!\r)\n/g, "\r\n"), undefined, test);
    }
  }

  function changed(uri: vscode.Uri): void {
    clearTimeout(pauses.get(uri.toString()));
    pauses.set(
      uri.toString(),
      setTimeout(() => {
        pauses.delete(uri.toString());
        void refresh(uri).then(() => {
          for (const request of continuous) {
            void run(request, new vscode.CancellationTokenSource().token);
          }
        });
      }, PAUSE),
    );
  }

  controller.refreshHandler = refreshAll;
  controller.resolveHandler = async (item) => {
    if (item === undefined) {
      await refreshAll();
    }
  };
  const profile = controller.createRunProfile(
    "Run",
    vscode.TestRunProfileKind.Run,
    async (request, token) => {
      if (request.continuous === true) {
        continuous.add(request);
        token.onCancellationRequested(() => continuous.delete(request));
        return;
      }
      await run(request, token);
    },
    true,
    undefined,
    true,
  );

  /** The command that the lens above a test names. */
  async function runAt(given: unknown, place: unknown): Promise<void> {
    const document = await documentOf(given);
    if (document === undefined) {
      return;
    }
    await refresh(document.uri);
    const position = positionOf(place) ?? vscode.window.activeTextEditor?.selection.active;
    const tests = [...(controller.items.get(document.uri.toString())?.children ?? [])].map(([, each]) => each);
    const test = tests.find((each) => position !== undefined && each.range?.contains(position));
    if (test !== undefined) {
      await run(new vscode.TestRunRequest([test], undefined, profile), new vscode.CancellationTokenSource().token);
    }
  }

  const watcher = vscode.workspace.createFileSystemWatcher("**/*.policy");
  return vscode.Disposable.from(
    controller,
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
    vscode.commands.registerCommand("policyspec.runTest", runAt),
    vscode.workspace.onDidOpenTextDocument((document) => document.languageId === "policy" && document.uri.scheme !== "policyspec" && changed(document.uri)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === "policy" && contentChanges.length > 0) {
        changed(document.uri);
      }
    }),
    server.onDidStart(() => void refreshAll()),
    { dispose: () => pauses.forEach((each) => clearTimeout(each)) },
  );
}
