/** Names of machine instructions and registers, for dumps and messages. */
import { conditionNames } from "../../../encoders/arm64/registers.ts";
import type { Describer } from "../printMachine.ts";
import { V0 } from "./convention.ts";
import { consumerNames, machineOpNames } from "./machineOps.ts";

export const describe: Describer = {
  opName: (op) => machineOpNames[op] ?? `op${op}`,
  registerName: (register) => (register >= V0 ? `v${register - V0}` : `x${register}`),
  consumerName: (consumer, condition) => (consumer === 0 ? "" : `${consumerNames[consumer] ?? ""}.${conditionNames[condition] ?? condition}`),
};
