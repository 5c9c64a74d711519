/** Names of machine instructions and registers, for dumps and messages. */

import { registerName } from "../../../encoders/x86_64/registers.ts";
import { conditionNames } from "../../../encoders/x86_64/registers.ts";
import type { Describer } from "../printMachine.ts";
import { XMM0 } from "./convention.ts";
import { consumerNames, machineOpNames } from "./machineOps.ts";

export const describe: Describer = {
  opName: (op) => machineOpNames[op] ?? `op${op}`,
  registerName: (register) => (register >= XMM0 ? registerName(128, register - XMM0) : registerName(64, register)) ?? `r${register}`,
  consumerName: (consumer, condition) => (consumer === 0 ? "" : `${consumerNames[consumer] ?? ""}.${conditionNames[condition] ?? condition}`),
};
