#!/usr/bin/env node
// Starts the compiler from a checkout or an npm installation: Bun, where npm brought it along, runs its source; else Node runs it as JavaScript.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runBun, startBun } from "./bun.mjs";

const fileOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const args = [fileOf("../src/cli/main.ts"), ...process.argv.slice(2)];
// lib/ is made when the package is packed; a checkout has none, or an old one.
if (!existsSync(fileOf("../lib/src/cli/main.js"))) runBun(args);
else if (!startBun(args)) await import("../lib/src/cli/main.js");
