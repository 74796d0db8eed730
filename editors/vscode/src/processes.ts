// Other programs: whether they are there, and what they say.

import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";

export function isFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Whether a command ends well within the time, in milliseconds. */
export function runs(command: string, args: readonly string[], timeout = 20_000): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout, windowsHide: true }, (error) => resolve(error === null));
  });
}

/** Runs a command to its end, line by line to `log`; rejects if it fails or is cancelled. */
export function run(command: string, args: readonly string[], log: (line: string) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    log(`$ ${[command, ...args].join(" ")}`);
    const child = execFile(command, [...args], { signal, windowsHide: true, maxBuffer: 64 << 20 }, (error) =>
      error === null ? resolve() : reject(error),
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (text: string) => log(text.trimEnd()));
    }
  });
}
