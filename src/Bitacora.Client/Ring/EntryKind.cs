namespace Bitacora.Client.Ring;

/// <summary>What an entry of a ring is. Zero is none, so that zeroed memory is no entry.</summary>
internal enum EntryKind : byte
{
    /// <summary>What a log call left.</summary>
    Log = 1,

    /// <summary>The queue's own word about what was refused (<see cref="Draining.GapRecord"/>).</summary>
    Gap = 2,

    /// <summary>Fills the ring's end, where the next entry did not fit; has no number.</summary>
    Padding = 3,
}
