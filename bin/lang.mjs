#!/usr/bin/env node
// Starts the compiler from a checkout or an npm installation: Bun, which npm brought along, runs its source.
import { fileURLToPath } from "node:url";
import { runBun } from "./bun.mjs";

runBun([fileURLToPath(new URL("../src/cli/main.ts", import.meta.url)), ...process.argv.slice(2)]);
