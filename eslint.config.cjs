const globals = require("globals");
const js = require("@eslint/js");
const jsdoc = require("eslint-plugin-jsdoc");

module.exports = [
    js.configs.recommended,
    {
        files: ["**/*.js"],
        plugins: {jsdoc},
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: {
                ...globals.browser,
                luxon: "readonly",
                odoo: "readonly",
                owl: "readonly",
            },
        },
        rules: {
            complexity: ["error", 15],
            "dot-notation": "error",
            eqeqeq: "error",
            "init-declarations": "error",
            "no-alert": "error",
            "no-duplicate-imports": "error",
            "no-else-return": "error",
            "no-empty-function": "error",
            "no-eval": "error",
            "no-lonely-if": "error",
            "no-param-reassign": "error",
            "no-return-assign": "error",
            "no-shadow": "error",
            "no-unneeded-ternary": "error",
            "no-unused-expressions": "error",
            // What an adapter must be given, and the base throws away.
            "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
            "no-use-before-define": ["error", {functions: false}],
            "operator-assignment": ["error", "always"],
            "prefer-const": "error",
            radix: "error",
            "spaced-comment": ["error", "always"],
            yoda: "error",
            "jsdoc/check-param-names": ["error", {checkDestructured: false}],
            "jsdoc/check-tag-names": ["error", {definedTags: ["odoo-module"]}],
        },
    },
    {
        // As OCA's own configuration has it.
        files: ["l10n_fr_pos_caisse_ap_ip/**/*.js", "backports/**/*.js"],
        rules: {"no-use-before-define": "error"},
    },
    {
        // Odoo 14.0 knows no ES modules: its files call odoo.define themselves.
        files: ["backports/14.0/**/*.js"],
        languageOptions: {sourceType: "script"},
        rules: {strict: ["error", "function"]},
    },
    {
        files: ["tests/page/*.mjs"],
        languageOptions: {globals: globals.nodeBuiltin},
    },
    {
        files: ["**/*.cjs"],
        languageOptions: {globals: globals.node, sourceType: "commonjs"},
    },
];
