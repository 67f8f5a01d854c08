import { BlockList } from "node:net";
import fc from "fast-check";
import { expect, it } from "vitest";
import { IPV4_RANGES } from "../../../scripts/leave-out.ts";

interface Ranges {
  readonly Netmask: new (range: string) => { contains(address: string): boolean };
}

it("finds an IPv4 address in a range as the package it stands in for, and Node, do", async () => {
  const source = `data:text/javascript,${encodeURIComponent(IPV4_RANGES)}`;
  const { Netmask } = (await import(/* @vite-ignore */ source)) as Ranges;
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 1, max: 32 }), (base, other, bits) => {
      const node = new BlockList();
      node.addSubnet(base, bits);
      const range = new Netmask(`${base}/${bits}`);
      expect(range.contains(other)).toBe(node.check(other));
      expect(range.contains(base)).toBe(true);
      // The same but for its last byte, which short ranges contain and long ones do not.
      const near = base.replace(/\d+$/, "77");
      expect(range.contains(near)).toBe(node.check(near));
    }),
  );
});
