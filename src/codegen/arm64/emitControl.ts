/** Machine code of jumps, calls and what touches the frame, by opcode. */
import { SP } from "../../../encoders/arm64/registers.ts";
import { word } from "../../../encoders/arm64/table.ts";
import { V0 } from "./convention.ts";
import type { MachineEmitter } from "./emit.ts";
import { floatLoads, floatStores, loads, stores } from "./emitState.ts";
import type { Access } from "./emitState.ts";
import { M } from "./machineOps.ts";
import { switchOn } from "./switchCode.ts";

type Emit = (e: MachineEmitter, i: number) => void;

function call(e: MachineEmitter, i: number): void {
  e.beforeCall();
  e.asm.callSymbol(e.mf.symbol[i]);
  e.markSite(i);
}

export const controlEmitters: Readonly<Record<number, Emit>> = {
  [M.enter]: () => {},
  [M.jump]: (e) => {
    const target = e.target(0);
    if (target !== e.next) e.asm.jump(e.labelOf(target));
  },
  [M.return]: (e) => e.epilogue(),
  [M.switch]: switchOn,
  [M.undefined]: (e) => e.end(),
  [M.call]: call,
  [M.callRegister]: (e, i) => {
    e.beforeCall();
    e.asm.emit(word("blr") | (e.place(i, 0) << 5));
    e.markSite(i);
  },
  [M.syscall]: (e) => e.systemCall(),
  [M.loadIncoming]: (e, i) => {
    const place = e.place(i, 0);
    const rows = place >= V0 ? floatLoads[e.mf.width[i] - 2] : loads[e.mf.width[i]];
    e.at(rows as Access, place >= V0 ? place - V0 : place, SP, e.frame + (e.frame === 0 ? 0 : 8) + e.mf.immediate[i]);
  },
  [M.storeOutgoing]: (e, i) => {
    const place = e.place(i, 0);
    const rows = place >= V0 ? floatStores[e.mf.width[i] - 2] : stores[e.mf.width[i]];
    e.at(rows as Access, place >= V0 ? place - V0 : place, SP, e.mf.displacement[i]);
  },
  [M.frameAddress]: (e, i) => e.addTo(e.place(i, 0), SP, e.depth),
};
