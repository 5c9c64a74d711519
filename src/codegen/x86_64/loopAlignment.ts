/**
 * Innermost loops begin at a multiple of this at -O2: the processor decodes, and keeps what it decoded, by 32 bytes (Intel, Optimization Reference Manual,
 * 3.4.2.5), so that the same loop would run at different speeds from one place to the next.
 */
export const LOOP_ALIGNMENT = 32;
