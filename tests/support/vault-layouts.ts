/** Layouts that keep every part of a key as it is, so that the store's whole contract can be tried on the vault. */
import { KEY_LAYOUTS, type KeyLayout, type KeyLayouts } from "../../src/core/vault/key-layout.ts";

const ANY_KEY: KeyLayout = ["number", "number", "number"];

export const NUMBERED_LAYOUTS: KeyLayouts = { ...KEY_LAYOUTS, entries: ANY_KEY, timeline: ANY_KEY, outbox: ANY_KEY };
