import { describe, expect, test } from "vitest";
import { linkify } from "../../../src/ui/text/linkify.ts";

const links = (text: string) => linkify(text).filter((part) => part.kind === "link");

describe("links in a message", () => {
  test("keeps every character of the text around them", () => {
    const text = "see https://a.example/x, (http://b.example) and www.c.example!";
    const joined = linkify(text).map((part) => (part.kind === "text" ? part.text : part.label));
    expect(joined.join("")).toBe(text);
    expect(links(text).map((link) => link.href)).toEqual([
      "https://a.example/x",
      "http://b.example/",
      "https://www.c.example/",
    ]);
  });

  test("leaves the punctuation of the sentence outside, and brackets of the link inside", () => {
    expect(links("https://w.example/a_(b).")[0]).toMatchObject({ label: "https://w.example/a_(b)" });
    expect(links("(https://w.example/a)")[0]).toMatchObject({ label: "https://w.example/a" });
  });

  test.each([
    ["https://bank.example@evil.test/a", "https://evil.test/a"],
    ["https://bank.example:secret@evil.test", "https://evil.test/"],
    ["https:\\\\evil.test", undefined],
    ["https://evil.test\\@bank.example", "https://evil.test/@bank.example"],
    ["https://b%61nk.test", "https://bank.test/"],
    ["https://раураl.test", "https://xn--l-7sba6dbr.test/"],
    ["https://ｂank.test", "https://bank.test/"],
  ])("shows where %s really leads", (text, label) => {
    expect(links(text)[0]?.label).toBe(label);
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://a.example",
    "https://",
    "mailto:nobody",
  ])("makes no link of %s", (text) => {
    expect(links(text)).toEqual([]);
  });

  test("ends a link at a character that turns the direction of writing", () => {
    expect(links("https://a.example/\u202egnp.exe")[0]).toMatchObject({ href: "https://a.example/" });
  });
});
