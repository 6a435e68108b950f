// What is in an artifact, tab by tab; every test also with scripting off.
import type { Page } from "@playwright/test";
import { EN, expect, furnish, LANGUAGES, rowOf, test, type Texts } from "./support.ts";

const tabs = (page: Page, texts: Texts) => page.getByRole("navigation", { name: texts("artifact.tabs") });

for (const texts of LANGUAGES) {
  test.describe(texts.locale, () => {
    test.use({ locale: texts.locale });

    test("an image tells how it runs, how it was built, and what is attached to it", async ({ page, site, admin, berth }) => {
      const { project, pilot, image } = await furnish(admin, berth.url, site.administrator);
      await site.enter(page.context(), await admin.createMember(project, "guest"));
      await page.goto(`/projects/${project}/repositories/${pilot}@${image}`);
      const main = page.getByRole("main");
      for (const text of ["Harbour Crew <crew@example.org>", "PILOT_CHART=/var/lib/pilot", "8080/tcp", "Brings ships to their berth."]) {
        await expect(main).toContainText(text);
      }
      await expect(page.getByText(`docker pull ${site.registry}/${project}/${pilot}@${image}`, { exact: true })).toBeVisible();

      await tabs(page, texts).getByRole("link", { name: texts("artifact.layers") }).click();
      await expect(page).toHaveURL(/[?&]tab=layers$/);
      await expect(rowOf(page, "apt-get install --yes ca-certificates")).toContainText("KiB");
      await expect(rowOf(page, "EXPOSE map[8080/tcp:{}]")).toContainText(texts("artifact.no_size"));

      await tabs(page, texts).getByRole("link", { name: texts("artifact.configuration") }).click();
      await expect(main).toContainText("org.opencontainers.image.source");

      await tabs(page, texts).getByRole("link", { name: texts("artifact.referrers") }).click();
      await expect(rowOf(page, texts("artifact.signature"))).toBeVisible();
      await expect(rowOf(page, "application/spdx+json")).toBeVisible();

      await tabs(page, texts).getByRole("link", { name: texts("artifact.manifest") }).click();
      await expect(main).toContainText("application/vnd.oci.image.manifest.v1+json");
    });
  });
}

test("the tab that shows is the one that is marked, and the back button goes to the one before", async ({
  page,
  site,
  admin,
  berth,
}) => {
  const { project, pilot, image } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  await page.goto(`/projects/${project}/repositories/${pilot}@${image}`);
  const marked = tabs(page, EN).locator("[aria-current]");
  await expect(marked).toHaveText(EN("artifact.overview"));
  await tabs(page, EN).getByRole("link", { name: EN("artifact.layers") }).click();
  await expect(marked).toHaveText(EN("artifact.layers"));
  await page.reload();
  await expect(marked).toHaveText(EN("artifact.layers"));
  await page.goBack();
  await expect(marked).toHaveText(EN("artifact.overview"));
});

test("an index leads to the image of each platform", async ({ page, site, admin, berth }) => {
  const { project, pilot, index } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  await page.goto(`/projects/${project}/repositories/${pilot}@${index}`);
  const children = page.getByRole("table", { name: EN("artifact.children_caption") });
  await expect(children.getByRole("link")).toHaveText(["linux/amd64", "linux/arm64"]);
  await children.getByRole("link", { name: "linux/arm64" }).click();
  await expect(page).not.toHaveURL(new RegExp(index));
  await expect(page.getByRole("main")).toContainText("linux/arm64");
});

test("a chart is pulled with helm", async ({ page, site, admin, berth }) => {
  const { project, chart } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  await page.goto(`/projects/${project}/repositories/charts/tide-table@${chart}`);
  await expect(page.getByRole("main")).toContainText(EN("artifact.chart"));
  const command = `helm pull --plain-http oci://${site.registry}/${project}/charts/tide-table --version 0.3.1`;
  await expect(page.getByText(command, { exact: true })).toBeVisible();
});
