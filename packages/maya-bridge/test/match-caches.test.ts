import { expect, test } from "vitest";
import type { Reference } from "../src/scene/blend-facts.ts";
import { type Cache, matchCaches } from "../src/scene/match-caches.ts";

function reference(raw: string, changes: Partial<Reference> = {}): Reference {
  return {
    kind: "cache",
    name: raw.split(/[\\/]/).at(-1) ?? "",
    raw,
    file: raw,
    span: "file",
    library: null,
    ...changes,
  };
}

function cache(path: string, ...roots: string[]): Cache {
  const name = path.replace(/^.*\//, "").replace(/\.\w+$/, "");
  return { name, path, roots, format: path.split(".").at(-1) as Cache["format"] };
}

/** @returns which cache each reference reads, in words */
function match(references: Reference[], caches: Cache[], users: Record<string, string[]> = {}) {
  const cacheUsers = Object.fromEntries(
    Object.entries(users).map(([name, paths]) => [name, paths.map((path) => ({ object: "any", path }))]),
  );
  const found = matchCaches({ references, cacheUsers }, caches);
  return {
    matches: [...found.matches].map(([{ raw }, { path }]) => `${raw} → ${path}`),
    ambiguous: found.ambiguous.map(
      (one) => `${one.reference.raw}: ${one.caches.map(({ path }) => path).join(" ")}`,
    ),
    unmatched: found.unmatched.map(({ raw }) => raw),
    unused: found.unused.map(({ path }) => path),
  };
}

test.each([["//caches/hero.abc"], ["/studio/publish/HERO.abc"], ["P:\\publish\\hero.usd"]])(
  "%s is the hero by its name",
  (raw) => {
    expect(match([reference(raw)], [cache("hero.abc"), cache("set.abc")])).toMatchObject({
      matches: [`${raw} → hero.abc`],
      unused: ["set.abc"],
    });
  },
);

test("a datablock may have the name that its file has not", () => {
  const found = match([reference("//x/v012.abc", { name: "hero.abc" })], [cache("hero.abc"), cache("v.abc")]);
  expect(found.matches).toEqual(["//x/v012.abc → hero.abc"]);
});

test("where no name fits, the root in Maya does that lies on all object paths, whatever its parents and namespace", () => {
  const users = { "v1.abc": ["/shot/hero_grp/body", "/shot/hero_grp/hat"] };
  const caches = [cache("a.abc", "|ns:hero_grp"), cache("b.abc", "|ns:body")];
  expect(match([reference("//v1.abc")], caches, users).matches).toEqual(["//v1.abc → a.abc"]);
});

test("what fits several is left to people", () => {
  const users = { "v1.abc": ["/hero_grp/body"] };
  const caches = [cache("a.abc", "|hero_grp"), cache("b.abc", "|body")];
  expect(match([reference("//v1.abc")], caches, users)).toEqual({
    matches: [],
    ambiguous: ["//v1.abc: a.abc b.abc"],
    unmatched: [],
    unused: ["a.abc", "b.abc"],
  });
});

test("a modifier only gets a cache of its kind", () => {
  const references = [reference("//hero.pc2", { kind: "mesh-cache" }), reference("//hero.abc")];
  expect(match(references, [cache("hero.pc2"), cache("x/hero.abc")]).matches).toEqual([
    "//hero.pc2 → hero.pc2",
    "//hero.abc → x/hero.abc",
  ]);
  expect(match(references.slice(0, 1), [cache("hero.abc")]).unmatched).toEqual(["//hero.pc2"]);
});

test("linked datablocks cannot be changed, and images are not caches", () => {
  const references = [
    reference("//hero.abc", { library: "/lib.blend" }),
    reference("//hero.png", { kind: "image" }),
  ];
  expect(match(references, [cache("hero.abc")])).toMatchObject({
    matches: [],
    unmatched: [],
    unused: ["hero.abc"],
  });
});
