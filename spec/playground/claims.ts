/** What the playground promises, each with the check that it does. */
export type Claims = Readonly<Record<string, () => Promise<void>>>;
