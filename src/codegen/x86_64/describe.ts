/** Names of machine instructions and registers, for dumps and messages. */

import { registerNames } from "../../../encoders/x86_64/registers.ts";
import { conditionNames } from "../../../encoders/x86_64/registers.ts";
import type { Describer } from "../printMachine.ts";
import { XMM0 } from "./convention.ts";
import { consumerNames, machineOpNames } from "./machineOps.ts";

export const describe: Describer = {
  opName: (op) => machineOpNames[op] ?? `op${op}`,
  registerName: (register) => (register >= XMM0 ? registerNames[128]?.[register - XMM0] : registerNames[64]?.[register]) ?? `r${register}`,
  consumerName: (consumer, condition) => (consumer === 0 ? "" : `${consumerNames[consumer] ?? ""}.${conditionNames[condition] ?? condition}`),
};
