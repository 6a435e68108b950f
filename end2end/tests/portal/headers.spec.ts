// The headers of a page and of what it loads.
import { expect, test } from "./support.ts";

test("a page allows only what comes from here, and nothing keeps it", async ({ request, site }) => {
  const answer = await request.get(`${site.origin}/projects`);
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'nonce-[\w+/=-]{16,}' 'wasm-unsafe-eval';/);
  expect(policy).toContain("style-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-inline");
  expect(answer.headers()["cache-control"]).toBe("no-store");
});

test("a nonce is used once", async ({ request, site }) => {
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const answer = await request.get(`${site.origin}/sign-in`);
      return /'nonce-([^']+)'/.exec(answer.headers()["content-security-policy"] ?? "")?.[1];
    }),
  );
  expect(nonces[0]).toBeTruthy();
  expect(nonces[0]).not.toBe(nonces[1]);
});

test("a page has no style of its own and loads only files of this site", async ({ request, site }) => {
  const html = await (await request.get(`${site.origin}/projects`)).text();
  expect(html).not.toMatch(/\sstyle=/);
  expect(html).not.toMatch(/<style/);
  for (const [, address] of html.matchAll(/\s(?:src|href)="([^"]+)"/g)) {
    expect(address).toMatch(/^[/#]/);
  }
});

test("the files of a page are compressed and kept for ever", async ({ request, site }) => {
  const html = await (await request.get(`${site.origin}/projects`)).text();
  const files = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file]) => file ?? "");
  expect(files.length).toBeGreaterThanOrEqual(4);
  for (const file of files) {
    const answer = await request.get(`${site.origin}${file}`, { headers: { "accept-encoding": "br" } });
    expect(answer.status(), file).toBe(200);
    expect(answer.headers()["cache-control"], file).toContain("immutable");
    if (/\.(css|wasm)$|berth\..*\.js$/.test(file)) {
      expect(answer.headers()["content-encoding"], file).toBe("br");
    }
  }
});
