// The portal's texts, read from the files that the portal is made of: a text that is worded anew breaks no test.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/paths.ts";
import type access from "../../../app/locales/en-us/access.json";
import type account from "../../../app/locales/en-us/account.json";
import type activity from "../../../app/locales/en-us/activity.json";
import type artifact from "../../../app/locales/en-us/artifact.json";
import type brand from "../../../app/locales/en-us/brand.json";
import type commands from "../../../app/locales/en-us/commands.json";
import type copy from "../../../app/locales/en-us/copy.json";
import type form from "../../../app/locales/en-us/form.json";
import type health from "../../../app/locales/en-us/health.json";
import type home from "../../../app/locales/en-us/home.json";
import type members from "../../../app/locales/en-us/members.json";
import type pager from "../../../app/locales/en-us/pager.json";
import type palette from "../../../app/locales/en-us/palette.json";
import type project from "../../../app/locales/en-us/project.json";
import type projects from "../../../app/locales/en-us/projects.json";
import type register from "../../../app/locales/en-us/register.json";
import type repository from "../../../app/locales/en-us/repository.json";
import type role from "../../../app/locales/en-us/role.json";
import type search from "../../../app/locales/en-us/search.json";
import type settings from "../../../app/locales/en-us/settings.json";
import type shell from "../../../app/locales/en-us/shell.json";
import type shortcut from "../../../app/locales/en-us/shortcut.json";
import type sign_in from "../../../app/locales/en-us/sign_in.json";
import type state from "../../../app/locales/en-us/state.json";
import type time from "../../../app/locales/en-us/time.json";
import type users from "../../../app/locales/en-us/users.json";
import type validation from "../../../app/locales/en-us/validation.json";

interface Namespaces {
  access: typeof access;
  account: typeof account;
  activity: typeof activity;
  artifact: typeof artifact;
  brand: typeof brand;
  commands: typeof commands;
  copy: typeof copy;
  form: typeof form;
  health: typeof health;
  home: typeof home;
  members: typeof members;
  pager: typeof pager;
  palette: typeof palette;
  project: typeof project;
  projects: typeof projects;
  register: typeof register;
  repository: typeof repository;
  role: typeof role;
  search: typeof search;
  settings: typeof settings;
  shell: typeof shell;
  shortcut: typeof shortcut;
  sign_in: typeof sign_in;
  state: typeof state;
  time: typeof time;
  users: typeof users;
  validation: typeof validation;
}

type Singular<K> = K extends `${infer Stem}_${"one" | "other"}` ? Stem : K;

/** A text by its namespace and its key; one that counts goes by its key without `_one` and `_other`. */
export type Key = {
  [N in keyof Namespaces & string]: `${N}.${Singular<keyof Namespaces[N] & string>}`;
}[keyof Namespaces & string];

export type Values = Record<string, string | number>;

export type Locale = "en-US" | "zh-CN";

/** The texts of one language. */
export interface Texts {
  readonly locale: Locale;
  /** The text with its values filled in. */
  (key: Key, values?: Values): string;
  /** What the text looks like with values; those that are left out may be anything. */
  pattern(key: Key, values?: Values): RegExp;
}

/** Reads the texts of one language. */
export function texts(locale: Locale): Texts {
  const folder = join(ROOT, "app/locales", locale.toLowerCase());
  const all = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    const entries = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, string>;
    for (const [key, text] of Object.entries(entries)) {
      all.set(`${file.replace(/\.json$/, "")}.${key}`, text);
    }
  }
  const find = (key: Key, values: Values): string => {
    const plural = new Intl.PluralRules(locale).select(Number(values["count"] ?? 2));
    const found = all.get(key) ?? all.get(`${key}_${plural}`) ?? all.get(`${key}_other`);
    if (found === undefined) {
      throw new Error(`${locale} has no text ${key}`);
    }
    return found;
  };
  const fill = (text: string, value: (name: string) => string) =>
    text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => value(name));
  const get = (key: Key, values: Values = {}) =>
    fill(find(key, values), (name) => {
      const value = values[name];
      if (value === undefined) {
        throw new Error(`${key} needs a value for ${name}`);
      }
      return String(value);
    });
  const pattern = (key: Key, values: Values = {}) => {
    const parts = find(key, values).split(/(\{\{\s*\w+\s*\}\})/);
    const source = parts.map((part) => {
      const name = /^\{\{\s*(\w+)\s*\}\}$/.exec(part)?.[1];
      return name === undefined ? quoted(part) : name in values ? quoted(String(values[name])) : ".+";
    });
    return new RegExp(source.join(""));
  };
  return Object.assign(get, { locale, pattern });
}

/** A text as part of a pattern. */
export function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

export const EN = texts("en-US");
export const ZH = texts("zh-CN");

/** Both languages, for tests that run in each. */
export const LANGUAGES = [EN, ZH];
