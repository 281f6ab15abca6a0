using Bitacora.Client.Ring;
using Bitacora.Client.Sending;
using Bitacora.Client.Spooling;
using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>A frozen batch whose entries still have their place in the ring. Of the drain's thread.</summary>
internal sealed class DrainedBatch(RecordBatch batch, RingPosition end, long since)
{
    public RecordBatch Batch { get; } = batch;

    /// <summary>The place behind its last entry.</summary>
    public RingPosition End { get; } = end;

    /// <summary>The clock's timestamp at which its first entry was seen.</summary>
    public long Since { get; } = since;

    public BatchState State { get; set; }

    /// <summary>Why it should go the slow way.</summary>
    public SlowReason Slow { get; set; }

    /// <summary>Whether it went one way only: no request that was given up, and no other lane, may still read it.</summary>
    public bool IsOnItsFirstWay { get; set; } = true;

    /// <summary>How often it was sent directly.</summary>
    public int Attempts { get; set; }

    /// <summary>The request; while it is sent directly.</summary>
    public DirectSend? Direct { get; set; }

    /// <summary>How much must be settled in the lane in memory before its fate is known; while it is there.</summary>
    public long AsideThrough { get; set; }

    /// <summary>The way into the write-ahead log; while it goes the slow way.</summary>
    public SlowHand? Hand { get; set; }
}
