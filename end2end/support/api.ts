// The REST API v2.0 as tests use it to arrange users, projects and members.

export type Role = "projectAdmin" | "developer" | "guest" | "maintainer" | "limitedGuest";

const ROLE_ID: Record<Role, number> = { projectAdmin: 1, developer: 2, guest: 3, maintainer: 4, limitedGuest: 5 };

export const PASSWORD = "Sea-Worthy-42";

export interface Credentials {
  name: string;
  password: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

let serial = 0;

/** A name that no other test uses. */
export function unique(prefix: string): string {
  serial += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${serial}`;
}

export class Api {
  constructor(
    readonly url: string,
    readonly credentials: Credentials | undefined,
  ) {}

  async request(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers: Record<string, string> = {};
    if (this.credentials) {
      headers["authorization"] = basic(this.credentials);
    }
    if (body !== undefined) {
      headers["content-type"] = "application/json";
    }
    const response = await fetch(`${this.url}/api/v2.0${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** Sends a request that must be answered with this status. */
  async expect(status: number, method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.request(method, path, body);
    if (answer.status !== status) {
      throw new Error(`${method} ${path} answered ${answer.status}, not ${status}\n${answer.text}`);
    }
    return answer;
  }

  async get<T>(path: string): Promise<T> {
    return JSON.parse((await this.expect(200, "GET", path)).text) as T;
  }

  /** Makes a user who may do nothing and returns how they sign in. */
  async createUser(prefix = "user"): Promise<Credentials> {
    const name = unique(prefix);
    await this.expect(201, "POST", "/users", {
      username: name,
      password: PASSWORD,
      email: `${name}@example.com`,
      realname: name,
    });
    return { name, password: PASSWORD };
  }

  /** Makes a project and returns its name. */
  async createProject(visibility: "private" | "public", prefix = "project"): Promise<string> {
    const name = unique(prefix);
    await this.expect(201, "POST", "/projects", {
      project_name: name,
      metadata: { public: String(visibility === "public") },
    });
    return name;
  }

  /** Gives a user a role in a project. */
  async addMember(project: string, user: Credentials, role: Role): Promise<void> {
    await this.expect(201, "POST", `/projects/${project}/members`, {
      role_id: ROLE_ID[role],
      member_user: { username: user.name },
    });
  }

  /** Makes a user with a role in a project. */
  async createMember(project: string, role: Role): Promise<Credentials> {
    const user = await this.createUser(role.toLowerCase());
    await this.addMember(project, user, role);
    return user;
  }
}

export function basic(credentials: Credentials): string {
  return `Basic ${Buffer.from(`${credentials.name}:${credentials.password}`).toString("base64")}`;
}
