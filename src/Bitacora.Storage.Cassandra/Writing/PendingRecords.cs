using System.Collections.Immutable;
using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>What one query sees of the records that the cluster may not have yet.</summary>
/// <param name="Batches">The batches.</param>
/// <param name="Timestamps">Write timestamps of groups that are being written: of them, the cluster may have any part.</param>
/// <param name="LastTimestamp">The newest write timestamp that was given before the query began.</param>
internal sealed record PendingRecords(ImmutableArray<RecordBatch> Batches, ImmutableHashSet<long> Timestamps, long LastTimestamp)
{
    /// <summary>When the oldest group that is being written began to be; null: there is none.</summary>
    public long? OldestTime => Timestamps.IsEmpty ? null : Timestamps.Min() * TimeSpan.TicksPerMicrosecond;

    /// <summary>Whether a manifest of this writer counts records that are in <see cref="Batches"/>, or came later.</summary>
    public bool Covers(RecordId slice)
    {
        var timestamp = slice.Time / TimeSpan.TicksPerMicrosecond;
        return timestamp > LastTimestamp || Timestamps.Contains(timestamp);
    }
}
