/** Runs axe-core in a page, from outside of its content security policy. */
import type { Page } from "@playwright/test";
import axe, { type AxeResults, type ImpactValue } from "axe-core";

const GRAVE: readonly (ImpactValue | undefined)[] = ["serious", "critical"];

export interface AxeReport {
  /** What stops or seriously hinders somebody: "rule: selector, selector". */
  readonly grave: readonly string[];
  /** How many rules had something to look at and found nothing wrong. */
  readonly applied: number;
}

/** With all of its rules, or with those named. */
export async function inspect(page: Page, rules?: readonly string[]): Promise<AxeReport> {
  const isThere = await page.evaluate(() => "axe" in window);
  if (!isThere) await page.evaluate(axe.source);
  const results: AxeResults = await page.evaluate(async (only) => {
    const { axe: inPage } = window as unknown as { axe: typeof axe };
    const runOnly = only === undefined ? {} : { runOnly: [...only] };
    return inPage.run(document, { resultTypes: ["violations"], ...runOnly });
  }, rules);
  return {
    grave: results.violations
      .filter(({ impact }) => GRAVE.includes(impact))
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`),
    // A rule that could not decide about one element, half out of sight for one, is not among those that pass.
    applied: results.passes.length + results.incomplete.length,
  };
}
