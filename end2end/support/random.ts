// Chance that a seed decides, so that a trial can be repeated.

/** `SEED` of the environment, else one of its own; whoever uses it prints it. */
export function seedOfTrial(): number {
  return Number(process.env["SEED"] ?? Date.now() % 1_000_000_000);
}

/** Numbers that follow from a seed. Source: "mulberry32" by Tommy Ettinger. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0 on, below `bound`. */
  below(bound: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  /** One of several; there must be one. */
  of<T>(some: readonly T[]): T {
    return some[this.below(some.length)]!;
  }

  /** Another, whose numbers are its own. */
  fork(): Random {
    return new Random(this.below(2 ** 32));
  }
}
