// What package.json promises is there.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { test } from "node:test";

const ROOT = path.resolve(__dirname, "../../..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const manifest = JSON.parse(read("package.json"));
const sources = readdirSync(path.join(ROOT, "src")).map((name) => read(`src/${name}`)).join("\n");

test("every command is registered, and every one that is registered and no lens's own is in the palette", () => {
  const registered = new Set([
    ...[...sources.matchAll(/register\("(\w+)"/g)].map((match) => `policyspec.${match[1]}`),
    ...[...sources.matchAll(/registerCommand\("([\w.]+)"/g)].map((match) => match[1]),
  ]);
  const declared = new Set(manifest.contributes.commands.map((each: { command: string }) => each.command));
  assert.deepEqual([...registered].sort(), [...declared, "policyspec.references", "policyspec.runTest"].sort());
});

test("every setting that is read is declared, and has a description", () => {
  const declared = manifest.contributes.configuration.properties;
  for (const match of sources.matchAll(/\.get(?:<[^>]*>)?\("([\w.]+)"/g)) {
    assert.ok(`policyspec.${match[1]}` in declared, match[1]);
  }
  for (const [name, each] of Object.entries<Record<string, unknown>>(declared)) {
    assert.match(name, /^policyspec\./);
    assert.ok("default" in each, name);
    assert.ok(each["description"] ?? each["markdownDescription"], name);
  }
});

test("what decides which program runs is restricted until the folder is trusted", () => {
  const restricted: string[] = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  for (const name of ["policyspec.server.path", "policyspec.server.arguments", "policyspec.importStrategy"]) {
    assert.ok(restricted.includes(name));
    assert.equal(manifest.contributes.configuration.properties[name].scope, "machine-overridable");
  }
});

test("files that are named are there", () => {
  const named = JSON.stringify(manifest).match(/"\.?\/?(?:media|snippets|syntaxes|language)[\w./-]*\.\w+"/g) ?? [];
  assert.ok(named.length > 5);
  for (const each of named) {
    assert.ok(existsSync(path.join(ROOT, JSON.parse(each))), each);
  }
});

test("snippets are JSON with a prefix, a description and a body", () => {
  for (const [name, each] of Object.entries<Record<string, unknown>>(JSON.parse(read("snippets/policy.json")))) {
    assert.ok(each["prefix"] && each["description"] && Array.isArray(each["body"]), name);
  }
});

test("the licence is that of the project", () => {
  assert.equal(read("LICENSE"), readFileSync(path.join(ROOT, "../../LICENSE"), "utf8"));
});

test("the lock file names no registry", () => {
  assert.doesNotMatch(read("package-lock.json"), /"resolved"/);
});
