// The rules of style/: values live in tokens/, selectors stay flat, nothing is forced.
const VALUES_ONLY_IN_TOKENS = {
  "color-no-hex": true,
  "color-named": "never",
  "declaration-property-unit-disallowed-list": { "/^font/": ["px"] },
  "declaration-property-value-disallowed-list": { "z-index": ["/^-?[0-9]+$/"] },
};

export default {
  customSyntax: "postcss-scss",
  rules: {
    ...VALUES_ONLY_IN_TOKENS,
    "block-no-empty": true,
    "declaration-block-no-duplicate-properties": [true, { ignore: ["consecutive-duplicates-with-different-values"] }],
    "declaration-no-important": true,
    "length-zero-no-unit": true,
    "max-nesting-depth": [2, { ignore: ["blockless-at-rules", "pseudo-classes"], ignoreAtRules: ["layer"] }],
    "no-duplicate-selectors": true,
    "property-disallowed-list": [
      // logical properties only
      ...["left", "right", "float"],
      ...["margin", "padding", "border"].flatMap((side) => [`${side}-left`, `${side}-right`]),
    ],
    "property-no-unknown": true,
    "selector-class-pattern": "^(l|c|p|u|is)-[a-z0-9]+(-[a-z0-9]+)*(__[a-z0-9-]+)?(--[a-z0-9-]+)?$",
    "selector-max-id": 0,
    "unit-no-unknown": true,
  },
  overrides: [
    {
      files: ["../style/tokens/**/*.scss", "**/style/tokens/**/*.scss"],
      rules: Object.fromEntries(Object.keys(VALUES_ONLY_IN_TOKENS).map((rule) => [rule, null])),
    },
    { files: ["**/style/utilities/**/*.scss"], rules: { "declaration-no-important": null } },
  ],
};
