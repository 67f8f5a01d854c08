/** The kinds of network that people sit in, as rules of the router between them and the world ("lan" and "wan" are its interfaces). */

export const SITE_KINDS = ["open", "cone", "symmetric", "no-udp", "web-only"] as const;
export type SiteKind = (typeof SITE_KINDS)[number];

/** What each is, for whoever reads the table. */
export const SITE_WORDS: Readonly<Record<SiteKind, string>> = {
  open: "public address, no firewall",
  cone: "NAT that keeps the port (port-restricted cone), no UDP comes in unasked",
  symmetric: "NAT with another random port for every destination",
  "no-udp": "NAT, UDP blocked",
  "web-only": "NAT, only TCP to ports 80 and 443 goes out",
};

/** Whether the hosts inside have public addresses of their own. */
export function isPublic(kind: SiteKind): boolean {
  return kind === "open";
}

/** In the language of nft. */
export function routerRules(kind: SiteKind): string {
  if (isPublic(kind)) return "";
  return [
    "table ip nat {",
    "  chain leaving {",
    "    type nat hook postrouting priority srcnat; policy accept;",
    ...(kind === "symmetric" ? [`    oifname "wan" meta l4proto udp masquerade random,fully-random`] : []),
    `    oifname "wan" masquerade`,
    "  }",
    "}",
    "table ip filtered {",
    "  chain passing {",
    "    type filter hook forward priority filter; policy drop;",
    ...(kind === "no-udp"
      ? [`    oifname "wan" meta l4proto udp drop`, `    iifname "wan" meta l4proto udp drop`]
      : []),
    "    ct state established,related accept",
    // Where the kernel shows bridged packets to these rules.
    `    iifname "lan" oifname "lan" accept`,
    kind === "web-only"
      ? `    iifname "lan" oifname "wan" tcp dport { 80, 443 } accept`
      : `    iifname "lan" oifname "wan" accept`,
    "  }",
    // Else an early packet from the other side makes an entry of the router's own, which takes the port that the host is about to use.
    "  chain coming {",
    "    type filter hook input priority filter; policy accept;",
    `    iifname "wan" ct state new drop`,
    "  }",
    "}",
  ].join("\n");
}
