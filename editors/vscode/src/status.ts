// What the language server is doing, beside the language's name in the status bar.

import * as vscode from "vscode";

export interface StatusItem extends vscode.Disposable {
  readonly show: (state: "off" | "starting" | "indexing" | "ready" | "failed", message?: string, version?: string) => void;
  /** Where the server comes from. */
  readonly from: (origin: string) => void;
}

export function statusItem(): StatusItem {
  const item = vscode.languages.createLanguageStatusItem("policyspec.server", { language: "policy" });
  let version = "";
  let from = "";
  item.name = "policyspec";
  const show: StatusItem["show"] = (state, message = "", newVersion) => {
    version = newVersion ?? version;
    item.busy = state === "starting" || state === "indexing";
    item.severity = state === "failed" ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    item.text = state === "failed" ? "policyspec: no language server" : `policyspec ${version}`.trimEnd();
    item.detail = message || { off: "no language server", starting: "starting", indexing: "reading policies", ready: from, failed: "" }[state];
    item.command =
      state === "failed"
        ? { title: "Restart", command: "policyspec.restart" }
        : { title: "Show Output", command: "policyspec.showOutput" };
  };
  show("off");
  return {
    show,
    from: (origin) => {
      from = origin;
    },
    dispose: () => item.dispose(),
  };
}
