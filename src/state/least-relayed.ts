/**
 * With less left of a day's limit, in bytes over the line, no circuit begins: the smallest that is of use, in plus out, and what may be on
 * its way should it have to be cut (`adapters/libp2p/circuit-grants.ts`).
 */
export const LEAST_RELAYED_BYTES = 1_203_160;
