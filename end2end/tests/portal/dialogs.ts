// The dialogs of the portal, and how a visitor opens each of them.
import type { Page } from "@playwright/test";
import type { Texts } from "./texts.ts";
import { expect } from "../../support/fixtures.ts";

/** Opens the dialog from the page it is on, or says that this page has nothing to open it with. */
type Way = (page: Page, texts: Texts) => Promise<boolean>;

/** Presses the first button or link of the page with this name, if there is one. */
async function press(page: Page, name: string | RegExp): Promise<boolean> {
  const main = page.getByRole("main");
  const control = main.getByRole("button", { name, exact: true }).or(main.getByRole("link", { name, exact: true })).first();
  if (!(await control.count())) {
    return false;
  }
  await control.click();
  return true;
}

/** Every dialog by its id. One that is not here fails the tests, so that a new one is not forgotten. */
export const DIALOGS: Record<string, Way> = {
  palette: async (page) => {
    await page.keyboard.press("Control+k");
    return true;
  },
  shortcuts: async (page) => {
    await page.keyboard.press("?");
    return true;
  },
  "new-project": (page, texts) => press(page, texts("projects.new")),
  "add-member": (page, texts) => press(page, texts("members.add")),
  roles: (page, texts) => press(page, texts("role.matrix")),
  "delete-project": (page, texts) => press(page, texts("settings.delete")),
  describe: (page, texts) => press(page, texts("repository.edit")),
  "delete-repository": (page, texts) => press(page, texts("repository.delete")),
  "add-tag": (page, texts) => press(page, texts("artifact.add_tag")),
  "delete-artifact": (page, texts) => press(page, texts("artifact.delete")),
  "create-user": (page, texts) => press(page, texts("users.create")),
  "reset-password": (page, texts) => press(page, texts.pattern("users.reset_label")),
  "create-token": (page, texts) => press(page, texts("access.create")),
  "revoke-token": (page, texts) => press(page, texts.pattern("access.revoke_label")),
  "delete-user": (page, texts) => press(page, texts.pattern("users.delete_label")),
};

/** Dialogs that only what happens elsewhere opens; their own tests look at them. */
const BY_ITSELF = ["sign-in-again"];

/** Opens a dialog of the page. False where this page, as it is, has no way to it. */
export async function openDialog(page: Page, texts: Texts, id: string): Promise<boolean> {
  if (BY_ITSELF.includes(id)) {
    return false;
  }
  const way = DIALOGS[id];
  if (!way) {
    throw new Error(`${page.url()} has a dialog that no test knows: ${id}`);
  }
  if (!(await way(page, texts))) {
    return false;
  }
  await expect(page.getByRole("dialog")).toBeVisible();
  return true;
}

/** Closes the dialog by its key, and waits until keys belong to the page again. */
export async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.waitForFunction(() => !document.activeElement?.closest("dialog"));
}
