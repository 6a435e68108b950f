// A layer that takes longer to send than the token lives that its upload was opened with.
import { expect, test } from "@playwright/test";
import { Api } from "../../support/api.ts";
import { sha256 } from "../../support/image.ts";
import { Registry, type Upload } from "../../support/registry.ts";
import { startBerth } from "../../support/server.ts";

/** A token of 5 seconds counts for another minute, the leeway for clocks that differ. */
const DEADLINE = 120_000;

test("an upload is finished with a token that expired under way", async () => {
  const berth = await startBerth({ env: { BERTH_TOKENS__TTL_SECS: "5" } });
  try {
    const admin = new Api(berth.url, { name: "admin", password: berth.adminPassword });
    const project = await admin.createProject("private");
    const who = await admin.createMember(project, "developer");
    const client = await Registry.open(berth.url, `${project}/slow`, who);
    const sent: Buffer[] = [];
    let upload: Upload = await client.startUpload();
    // a chunk now and then, until the token is refused for everything else
    await expect
      .poll(
        async () => {
          const chunk = Buffer.from(`chunk ${sent.length}\n`);
          upload = await client.append(upload, chunk);
          sent.push(chunk);
          return (await client.send("GET", "/v2/")).status;
        },
        { timeout: DEADLINE, intervals: [1000] },
      )
      .toBe(401);
    const last = Buffer.from("the end\n");
    upload = await client.append(upload, last);
    const whole = Buffer.concat([...sent, last]);
    await client.finish(upload, sha256(whole));

    const again = await Registry.open(berth.url, `${project}/slow`, who);
    const pulled = await again.send("GET", `/v2/${project}/slow/blobs/${sha256(whole)}`);
    expect(pulled.status).toBe(200);
    expect(pulled.body.equals(whole)).toBe(true);
    expect((await client.send("POST", `/v2/${project}/slow/blobs/uploads/`)).status).toBe(401);
  } finally {
    await berth.stop();
  }
});
