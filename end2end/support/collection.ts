// What the collection of a server under test removed, added up from its log.

export interface Collected {
  blobs: number;
  bytes: number;
  manifests: number;
}

/** Counts every collection that a server tells of; `hear` takes the lines of its log. */
export class Collections {
  readonly total: Collected = { blobs: 0, bytes: 0, manifests: 0 };

  /** Settings with which one collection follows the other, and takes what was not needed for `grace` milliseconds. */
  static settings(grace: number): Record<string, string> {
    return {
      BERTH_GC__GRACE: `${grace}ms`,
      BERTH_GC__INTERVAL: "1ms",
      BERTH_GC__DELETE_UNTAGGED: "true",
      BERTH_LOG__FORMAT: "json",
    };
  }

  readonly hear = (line: string): void => {
    if (!line.includes('"removed.blobs"')) {
      return;
    }
    const told = JSON.parse(line) as Record<string, number>;
    this.total.blobs += told["removed.blobs"] ?? 0;
    this.total.bytes += told["removed.bytes"] ?? 0;
    this.total.manifests += told["removed.manifests"] ?? 0;
  };
}
