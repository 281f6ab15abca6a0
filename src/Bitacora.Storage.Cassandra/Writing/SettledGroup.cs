using Bitacora.Records;

namespace Bitacora.Storage.Cassandra.Writing;

/// <summary>What is remembered of a group once its batches are let go.</summary>
/// <param name="First">Its first batch.</param>
/// <param name="Last">Its last batch.</param>
/// <param name="Timestamp">The write timestamp.</param>
/// <param name="Positions">What the batches cover.</param>
internal sealed record SettledGroup(
    ulong First, ulong Last, long Timestamp, IReadOnlyList<(SenderId Sender, BatchOrigin Origin)> Positions);
