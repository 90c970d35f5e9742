// Rules for the scripts of the pages and their tests; `make lint` runs them.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["node_modules/", ".venv/", ".cache/", "maps/", "dist/", "build/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "consistent-return": "error",
      curly: "error",
      eqeqeq: "error",
      "max-lines": ["error", 450],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": ["error", "properties"],
      "prefer-const": "error",
    },
  },
  {
    // The pages must open with the network off and hold text as text.
    files: ["coverage/circle15/output/**/*.js"],
    languageOptions: { globals: { ...globals.browser, L: "readonly" } },
    rules: {
      "no-restricted-globals": ["error", "fetch", "XMLHttpRequest", "WebSocket", "EventSource"],
      "no-restricted-properties": ["error", { property: "innerHTML" }, { property: "outerHTML" }, { property: "insertAdjacentHTML" }],
    },
  },
  {
    // It must run where the others cannot.
    files: ["coverage/circle15/output/map/assets/old_browser.js"],
    languageOptions: { ecmaVersion: 5, sourceType: "script" },
    rules: { "no-var": "off", "prefer-const": "off", "object-shorthand": "off" },
  },
  {
    files: ["tests/**/*.js", "eslint.config.js"],
    languageOptions: { globals: globals.node },
  },
];
