/** Words that have no business in the repository, by what they give away. */
export interface BannedWords {
  readonly pattern: RegExp;
  readonly why: string;
}

export const BANNED_WORDS: readonly BannedWords[] = [
  { pattern: /\b(TODO|FIXME|XXX)\b/, why: 'do it, or open a discussion; source is for what is' },
  {
    pattern: /@ts-(ignore|nocheck)|biome-ignore\S* \S*no(ExplicitAny|Console)/,
    why: 'Biome bans any and console, tsc what does not fit; nothing switches that off',
  },
  {
    pattern:
      /\b(registry\.(npmjs|yarnpkg)\.\w+|(files\.)?(pypi|pythonhosted)\.org|proxy\.golang\.org|repo1?\.maven\.\w+)/,
    why: "a registry's host belongs in its user's settings",
  },
  {
    pattern: /(^|[\s"'`(=:])\/(work|tmp|root)\//,
    why: "a path of one machine; ask for the system's temporary folder",
  },
];

/** The tables of this rule itself name what they ban. */
export const WORDS_EXEMPT: readonly string[] = ['scripts/tidy/**'];
