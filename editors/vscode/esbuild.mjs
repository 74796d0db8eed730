// Bundles the extension, with all that it needs, into one file for each place where it runs; the licences into another.
import { context } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const isWatching = process.argv.includes("--watch");

/** The licences of the packages that a bundle has something of. */
function notices(inputs) {
  const folders = new Set(inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean));
  return [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
}

const options = {
  bundle: true,
  external: ["vscode"],
  format: "cjs",
  minify: !isWatching,
  sourcemap: isWatching,
  metafile: true,
  logLevel: "info",
};
const bundles = await Promise.all([
  context({ ...options, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", platform: "node", target: "node20" }),
  context({ ...options, entryPoints: ["src/web.ts"], outfile: "dist/web.js", platform: "browser", target: "es2022" }),
]);
if (isWatching) {
  await Promise.all(bundles.map((each) => each.watch()));
} else {
  const made = await Promise.all(bundles.map((each) => each.rebuild()));
  const inputs = made.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  writeFileSync("dist/ThirdPartyNotices.txt", notices(inputs).join(`\n${"-".repeat(80)}\n\n`));
  await Promise.all(bundles.map((each) => each.dispose()));
}
