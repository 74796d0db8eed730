import assert from "node:assert/strict";
import { test } from "node:test";
import { findPython, findServer, inEnvironment, onPath, type Surroundings } from "../../src/discovery";

/** A machine with these files, of which those in `servers` have a language server. */
function machine(files: readonly string[], given: Partial<Surroundings> = {}, servers: readonly string[] = files): Surroundings & { readonly said: string[]; readonly ran: string[][] } {
  const said: string[] = [];
  const ran: string[][] = [];
  return {
    platform: "linux",
    isTrusted: true,
    setting: "",
    strategy: "fromEnvironment",
    home: "/home/me",
    folders: ["/work/shop"],
    path: "/usr/local/bin:/usr/bin",
    interpreter: () => Promise.resolve(undefined),
    own: [],
    isFile: (file) => files.includes(file),
    runs: (command, args) => {
      ran.push([command, ...args]);
      return Promise.resolve(servers.includes(command));
    },
    log: (message) => said.push(message),
    said,
    ran,
    ...given,
  };
}

const EVERYWHERE = ["/work/shop/.venv/bin/policyspec", "/envs/a/bin/python", "/usr/bin/policyspec", "/storage/server-1/bin/policyspec"];
const all = { interpreter: () => Promise.resolve("/envs/a/bin/python"), own: ["/storage/server-1"] };

test("it is looked for from near to far", async () => {
  const expected = [
    ["workspace", "/work/shop/.venv/bin/policyspec"],
    ["interpreter", "/envs/a/bin/python"],
    ["path", "/usr/bin/policyspec"],
    ["own", "/storage/server-1/bin/policyspec"],
  ];
  for (const [number, [origin, command]] of expected.entries()) {
    const found = await findServer(machine(EVERYWHERE.slice(number), all));
    assert.ok("server" in found);
    assert.equal(found.server.origin, origin);
    assert.equal(found.server.command, command);
  }
  assert.deepEqual(await findServer(machine([], all)), { problem: "none" });
});

test("one without a language server is passed over, and that is said", async () => {
  const around = machine(EVERYWHERE, all, ["/usr/bin/policyspec"]);
  const found = await findServer(around);
  assert.ok("server" in found && found.server.origin === "path");
  assert.deepEqual(around.said, ["/work/shop/.venv/bin/policyspec has no language server", "/envs/a/bin/python -P -m policyspec has no language server"]);
  assert.deepEqual(around.ran.at(-1), ["/usr/bin/policyspec", "lsp", "--help"]);
});

test("a folder that is not trusted decides nothing", async () => {
  let asked = false;
  const untrusted = { ...all, isTrusted: false, interpreter: () => ((asked = true), Promise.resolve("/envs/a/bin/python")) };
  const around = machine(EVERYWHERE, untrusted);
  const found = await findServer(around);
  assert.ok("server" in found && found.server.origin === "path");
  assert.equal(asked, false);
  assert.ok(around.ran.every(([command]) => !command?.startsWith("/work/shop")));
  const inside = ["/work/shop/bin/policyspec", "/work/shop/tool"];
  const onlyInside = { isTrusted: false, path: "/work/shop/bin:.:bin", own: [] };
  assert.deepEqual(await findServer(machine(inside, onlyInside)), { problem: "none" });
  for (const setting of ["${workspaceFolder}/tool", "/work/shop/tool", "./tool", "/work/other/../shop/tool"]) {
    const around = machine(inside, { ...onlyInside, setting });
    assert.deepEqual(await findServer(around), { problem: "setting" });
    assert.deepEqual(around.ran, []);
  }
});

test("a bundled server is taken alone where the settings say so", async () => {
  const found = await findServer(machine(EVERYWHERE, { ...all, strategy: "useBundled" }));
  assert.ok("server" in found && found.server.origin === "own");
});

test("a server in the settings comes first, and is not replaced", async () => {
  const written: [string, string][] = [
    ["/opt/policyspec", "/opt/policyspec"],
    ["~/bin/policyspec", "/home/me/bin/policyspec"],
    ["${workspaceFolder}/tool", "/work/shop/tool"],
    ["./tool", "/work/shop/tool"],
    ["policyspec", "/usr/bin/policyspec"],
  ];
  for (const [setting, command] of written) {
    const found = await findServer(machine([...EVERYWHERE, command], { ...all, setting }));
    assert.deepEqual(found, { server: { command, args: [], origin: "setting" } });
  }
  assert.deepEqual(await findServer(machine(EVERYWHERE, { ...all, setting: "/gone" })), { problem: "setting" });
  assert.deepEqual(await findServer(machine(["/old"], { ...all, setting: "/old" }, [])), { problem: "setting" });
});

test("PATH is searched as the platform has it", () => {
  const windows = { platform: "win32" as const, path: "C:\\Python;bin;;D:\\Tools", folders: ["D:\\shop"], isTrusted: true, isFile: (file: string) => file === "D:\\Tools\\policyspec.exe" };
  assert.deepEqual([...onPath(["policyspec"], windows)], ["D:\\Tools\\policyspec.exe"]);
  assert.match(inEnvironment("e", "python", "win32"), /Scripts.python\.exe$/);
  assert.equal(inEnvironment("e", "python", "linux"), "e/bin/python");
  assert.deepEqual([...onPath(["policyspec"], machine([".", "./policyspec"], { path: ".:" }))], []);
});

test("a Python that is new enough is found", async () => {
  const files = ["/usr/bin/python3", "/usr/local/bin/python3.12", "/envs/a/bin/python"];
  assert.equal(await findPython(machine(files)), "/usr/local/bin/python3.12");
  assert.equal(await findPython(machine(files, all)), "/envs/a/bin/python");
  assert.equal(await findPython(machine(files, { ...all, isTrusted: false })), "/usr/local/bin/python3.12");
  assert.equal(await findPython(machine(files, {}, ["/usr/bin/python3"])), "/usr/bin/python3");
  assert.equal(await findPython(machine(files, {}, [])), undefined);
});
