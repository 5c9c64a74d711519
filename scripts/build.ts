/** `npm run build`: the executable dist/lang for this machine. Needs nothing but the Bun that npm installed. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";

const made = await bundle(join(fileURLToPath(new URL("../", import.meta.url)), "dist/lang"));
if (!made.ok) {
  for (const log of made.logs) console.error(log);
  process.exit(1);
}
console.log(`dist/lang: ${(made.size / 1e6).toFixed(1)} MB${made.without === undefined ? "" : `, without ${made.without}`}`);
