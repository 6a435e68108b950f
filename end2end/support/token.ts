// Access tokens as the portal makes them: the REST API has none.
import type { Credentials } from "./api.ts";

/** Signs in as a browser does and makes an access token; it takes the place of the password. */
export async function createToken(url: string, who: Credentials, name: string, isReadOnly: boolean): Promise<Credentials> {
  const signedIn = await call(url, "session/create", { username: who.name, password: who.password, next: "/" });
  const cookie = /^(sid=[^;]+)/.exec(signedIn.headers.get("set-cookie") ?? "")?.[1];
  if (!cookie) {
    throw new Error(`signing in as ${who.name} answered ${signedIn.status} without a session`);
  }
  const made = await call(url, "access/create_token", { name, days: "1", is_read_only: String(isReadOnly) }, { cookie });
  if (!made.ok) {
    throw new Error(`making a token answered ${made.status}\n${await made.text()}`);
  }
  return { name: who.name, password: (await made.json()) as string };
}

function call(url: string, name: string, values: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${url}/ui-fn/${name}`, {
    method: "POST",
    headers: { accept: "application/json", ...headers },
    body: new URLSearchParams(values),
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
}
