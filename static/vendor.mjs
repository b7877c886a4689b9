// Rebuilds static/nhsuk and static/plotly from npm packages. Needs Node and npm, on a developer's machine only:
//   node static/vendor.mjs
// The output is committed, so the portal itself never needs Node. static/README.md says what is pinned and why.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGES = { "nhsuk-frontend": "10.6.1", "plotly.js": "4.1.1", esbuild: "0.28.2" };
const TRACES = ["bar"]; // scatter is part of plotly's core
const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), "vendor-"));
const modules = join(work, "node_modules");

function install() {
  writeFileSync(join(work, "package.json"), JSON.stringify({ private: true, dependencies: PACKAGES }));
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: work, stdio: "inherit" });
}

function must(text, pattern, replacement) {
  if (typeof pattern === "string" ? !text.includes(pattern) : text.search(pattern) === -1) throw new Error(`Not found, so this script must be looked at again: ${pattern}`);
  return text.replace(pattern, replacement);
}

function nhsuk() {
  const from = join(modules, "nhsuk-frontend/dist/nhsuk");
  const to = join(here, "nhsuk");
  const sourceMap = /\/[*/]# sourceMappingURL=[^\s*]+( \*\/)?\s*$/; // names a file that is not here: collectstatic would fail

  let css = readFileSync(join(from, "nhsuk-frontend.min.css"), "utf8");
  css = must(css, sourceMap, "");
  css = must(css, /@font-face\{[^}]*\}/g, ""); // fetched from another host, and licensed to the NHS: Arial follows in the stack
  css = must(css, /url\(\/assets\/images\//g, "url(images/"); // relative, so that collectstatic gives them their hashed names
  if (css.includes("http")) throw new Error("The style sheet still refers to another host.");
  writeFileSync(join(to, "nhsuk.css"), css);

  rmSync(join(to, "images"), { recursive: true, force: true });
  mkdirSync(join(to, "images"));
  for (const [, name] of css.matchAll(/url\(images\/([^)]+)\)/g)) {
    cpSync(join(from, "assets/images", name), join(to, "images", name)); // those in use; none is the NHS logo
  }

  let js = readFileSync(join(from, "nhsuk-frontend.min.js"), "utf8");
  js = must(js, sourceMap, "");
  js = must(js, /export\s*\{[^}]*\};?\s*$/, "window.NHSUKFrontend={initAll};initAll();\n"); // one file: an import would not follow a hashed name
  const expanded = 'e.setAttribute("aria-expanded",e.checked.toString())';
  js = must(js, expanded, `"radio"!==e.type&&${expanded}`); // ARIA has no aria-expanded on a radio button, and axe refuses it
  writeFileSync(join(to, "nhsuk.js"), js);
  writeFileSync(
    join(to, "js-enabled.js"), // the package's template has this inline, which our Content-Security-Policy refuses
    'document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " nhsuk-frontend-supported" : "");\n',
  );
}

function plotly() {
  const entry = join(work, "entry.js");
  const register = TRACES.map((trace) => `require("plotly.js/lib/${trace}")`).join(", ");
  writeFileSync(entry, `const Plotly = require("plotly.js/lib/core");\nPlotly.register([${register}]);\nwindow.Plotly = Plotly;\n`);
  const output = join(here, "plotly/plotly.js");
  execFileSync(
    join(modules, ".bin/esbuild"),
    [entry, "--bundle", "--minify", "--define:global=window", "--target=es2019", "--loader:.css=empty", "--charset=utf8",
      "--legal-comments=inline", `--metafile=${join(work, "meta.json")}`, `--outfile=${output}`],
    { cwd: work, stdio: "inherit" },
  );
  writeFileSync(join(here, "plotly/LICENCES.txt"), licences(JSON.parse(readFileSync(join(work, "meta.json"), "utf8"))));
}

function licences(meta) {
  const inputs = Object.keys(meta.inputs).map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//));
  const folders = new Map(inputs.filter(Boolean).map((found) => [found[0], found[1]]));
  return [...folders].sort().map(([folder, name]) => licence(join(work, folder), name)).join("\n");
}

function licence(folder, name) {
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim() : "";
  return `${"=".repeat(100)}\n${name} ${version}: ${license}\n\n${text}\n`;
}

try {
  install();
  nhsuk();
  plotly();
} finally {
  rmSync(work, { recursive: true, force: true });
}
