namespace Bitacora.Client.Draining;

/// <summary>Where a batch is.</summary>
internal enum BatchState
{
    /// <summary>It waits for a way.</summary>
    Waiting,

    /// <summary>It is sent directly.</summary>
    Direct,

    /// <summary>It is on its way into a write-ahead log.</summary>
    Slow,

    /// <summary>
    /// It was refused and is taken apart in memory; its place in a ring that outlives the process is kept until its fate is known.
    /// </summary>
    Aside,

    /// <summary>It is delivered, or in a write-ahead log: its space in the ring can be given back.</summary>
    Done,
}
