import { defineConfig } from "oxlint";
import { layerOverrides } from "./scripts/layers.ts";

const MAX_FILE_LINES = 300;
const MAX_TEST_FILE_LINES = 400;
/** A factory's closures count as one function. */
const MAX_FUNCTION_LINES = 150;

export default defineConfig({
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: "error" },
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "jsx-a11y", "react", "vitest"],
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["dist/**", "node_modules/**", "test-results/**", "patches/**"],
  rules: {
    // Type safety.
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/no-unsafe-argument": "error",
    "typescript/no-unsafe-assignment": "error",
    "typescript/no-unsafe-call": "error",
    "typescript/no-unsafe-member-access": "error",
    "typescript/no-unsafe-return": "error",
    "typescript/ban-ts-comment": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    "typescript/no-deprecated": "error",
    "typescript/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
    // Assertions stand at decode boundaries (branded ids, rows of the database); a reviewer judges those.
    "typescript/no-unsafe-type-assertion": "off",

    // Promises.
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    "typescript/await-thenable": "error",
    "typescript/only-throw-error": "error",
    "typescript/prefer-promise-reject-errors": ["error", { allowThrowingAny: true, allowThrowingUnknown: true }],
    "typescript/return-await": ["error", "error-handling-correctness-only"],

    // Shape of the code.
    "max-lines": ["error", { max: MAX_FILE_LINES }],
    "import/no-cycle": "error",
    "import/no-default-export": "error",
    "oxc/no-barrel-file": ["error", { threshold: 0 }],
    "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"] }],
    "no-console": ["error", { allow: ["error"] }],
    "no-var": "error",
    "prefer-const": "error",
    "no-param-reassign": "error",
    "no-empty": "error",
    eqeqeq: "error",

    // Preact, not React.
    "react/react-in-jsx-scope": "off",
    "react/style-prop-object": "off",
    // Models and signals keep their identity for the life of a page, and are changed through their own methods.
    "react/exhaustive-deps": "off",
    "react/immutability": "off",
    // Roles are part of the product (a log that scrolls, a status); the browser tests look at what they come to.
    "jsx-a11y/prefer-tag-over-role": "off",
    "jsx-a11y/interactive-supports-focus": "off",
    "jsx-a11y/no-noninteractive-tabindex": "off",
    "jsx-a11y/no-noninteractive-element-interactions": "off",
    // Knows only React's `htmlFor`, and not every value of the HTML standard.
    "jsx-a11y/label-has-associated-control": "off",
    "jsx-a11y/autocomplete-valid": "off",
    // Text from other people is searched for control characters on purpose.
    "no-control-regex": "off",
    // A style sheet or a polyfill is imported for what it does.
    "import/no-unassigned-import": "off",
    // Matters of taste that cost more than they give.
    "import/no-named-as-default": "off",
    "import/no-named-as-default-member": "off",
    "no-shadow": "off",
    "promise/always-return": "off",
    "vitest/no-conditional-expect": "off",
    // The compiler checks it (noImplicitReturns).
    "typescript/consistent-return": "off",
    "unicorn/consistent-function-scoping": "off",
    "unicorn/prefer-add-event-listener": "off",
    "vitest/valid-expect": ["error", { maxArgs: 2 }],
    "vitest/expect-expect": ["error", { assertFunctionNames: ["expect*", "fc.assert"] }],
  },
  overrides: [
    ...layerOverrides(),
    {
      files: ["**/src/**/*.{ts,tsx}"],
      rules: {
        "max-lines-per-function": ["error", { max: MAX_FUNCTION_LINES, skipComments: true, skipBlankLines: true }],
      },
    },
    {
      files: ["**/src/**/*.ts", "scripts/**", "tests/**/*.ts"],
      rules: { "unicorn/filename-case": ["error", { case: "kebabCase" }] },
    },
    {
      // Models are closures without a `this`: their methods are passed on as they are.
      files: ["**/src/state/**", "**/src/ui/**", "**/src/main.tsx"],
      rules: { "typescript/unbound-method": "off" },
    },
    { files: ["*.config.ts"], rules: { "import/no-default-export": "off" } },
    { files: ["**/src/relay/**", "scripts/**", "tests/**"], rules: { "no-console": "off" } },
    {
      // Answers of servers and statistics of browsers come without types; the assertions are their check.
      files: ["tests/**"],
      rules: {
        "max-lines": ["error", { max: MAX_TEST_FILE_LINES }],
        "vitest/no-standalone-expect": "off",
        "typescript/unbound-method": "off",
        "typescript/no-unsafe-argument": "off",
        "typescript/no-unsafe-assignment": "off",
        "typescript/no-unsafe-member-access": "off",
      },
    },
    {
      // Plain JavaScript for whatever Node is there: no types to be strict about.
      files: ["**/*.mjs"],
      rules: {
        "typescript/no-unsafe-argument": "off",
        "typescript/no-unsafe-assignment": "off",
        "typescript/no-unsafe-call": "off",
        "typescript/no-unsafe-member-access": "off",
        "typescript/no-unsafe-return": "off",
      },
    },
  ],
});
