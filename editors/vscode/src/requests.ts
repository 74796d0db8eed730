// What the language server is asked beyond the protocol, and what it tells.

import { NotificationType, RequestType, type Range } from "vscode-languageclient";

interface Document {
  readonly textDocument: { readonly uri: string };
}

/** A readable page; `data-start` and `data-end` in `html` are code points of the document's `version`. */
export interface Page {
  readonly title: string;
  readonly language: string;
  readonly html: string;
  readonly css: string;
  readonly version: number | null;
}

export interface Model {
  readonly json: string | null;
  readonly errors: readonly string[];
}

export interface Test {
  readonly id: string;
  readonly label: string;
  readonly range: Range;
}

export interface Result {
  readonly id: string;
  readonly passed: boolean;
  readonly message: string;
  readonly range: Range;
}

export interface Status {
  readonly state: "ready" | "indexing" | "error";
  readonly message: string;
  readonly version: string;
}

export const preview = new RequestType<Document & { language?: string }, Page | null, void>("policyspec/preview");
export const model = new RequestType<Document, Model | null, void>("policyspec/model");
export const text = new RequestType<{ uri: string }, { text: string } | null, void>("policyspec/text");
export const explain = new RequestType<{ rule: string }, { markdown: string }, void>("policyspec/explain");
export const tests = new RequestType<Document, Test[] | null, void>("policyspec/tests");
export const runTests = new RequestType<Document & { ids?: string[] }, Result[] | null, void>("policyspec/runTests");
export const newPolicy = new RequestType<object, { text: string }, void>("policyspec/newPolicy");
export const status = new NotificationType<Status>("policyspec/status");
