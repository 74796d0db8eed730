// Bundles the extension, with all that it needs, into one file, and the licences of that into another.
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

const bundle = await context({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  external: ["vscode"],
  format: "cjs",
  platform: "node",
  target: "node20",
  minify: !isWatching,
  sourcemap: isWatching,
  metafile: true,
  logLevel: "info",
});
if (isWatching) {
  await bundle.watch();
} else {
  const { metafile } = await bundle.rebuild();
  writeFileSync("dist/ThirdPartyNotices.txt", notices(Object.keys(metafile.inputs)).join(`\n${"-".repeat(80)}\n\n`));
  await bundle.dispose();
}
