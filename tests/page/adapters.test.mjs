import assert from "node:assert/strict";
import {readFileSync, readdirSync} from "node:fs";
import {describe, it} from "node:test";

const ADDON = "l10n_fr_pos_caisse_ap_ip/static/src/";
const METHOD = /^ {4,8}(?:async )?(\w+)\([^)]*\) \{$/gm;

const textOf = (path) =>
    readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const methodsOf = (text) => [...text.matchAll(METHOD)].map(([, name]) => name);
const words = /^(?:if|for|while|switch|catch|constructor)$/;

function adaptersOf(folder) {
    const names = readdirSync(new URL(`../../${folder}`, import.meta.url));
    return names
        .filter((name) => name.endsWith("adapter.js"))
        .map((name) => `${folder}${name}`);
}

describe("the adapters of the series", () => {
    const base = ["line_adapter.js", "adapter.js"].map((name) => textOf(ADDON + name));
    const documented = new Set(base.flatMap(methodsOf));
    const paths = [
        ...adaptersOf(`${ADDON}pos/`),
        ...["14.0", "16.0", "17.0", "18.0"].flatMap((series) =>
            adaptersOf(`backports/${series}/${ADDON}pos/`)
        ),
    ];

    it("are all found", () => {
        assert.equal(paths.length, 8);
    });

    for (const path of paths) {
        it(`override what the base documents, or help themselves: ${path}`, () => {
            const all = paths.map(textOf).join("\n");
            const strangers = methodsOf(textOf(path)).filter(
                (name) =>
                    !words.test(name) &&
                    !documented.has(name) &&
                    !all.includes(`this.${name}(`)
            );
            assert.deepEqual(strangers, []);
        });
    }

    it("are asked for nothing that the base does not document", () => {
        const scripts = readdirSync(new URL(`../../${ADDON}`, import.meta.url))
            .filter((name) => name.endsWith(".js"))
            .map((name) => textOf(ADDON + name));
        const asked = [...scripts.join("\n").matchAll(/\badapter\.(\w+)\(/g)];
        const unknown = asked.map(([, name]) => name);
        assert.deepEqual(
            unknown.filter((name) => !documented.has(name)),
            []
        );
    });
});
