using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.State;

/// <summary>
/// The table <c>leases</c>: a lease is compared with what was seen of it and set. Its end stands in the row, for the store's clock decides;
/// the row itself goes an hour later, so that nothing is left of leases that were forgotten.
/// </summary>
internal sealed class LeaseTable(CqlSession session, string keyspace)
{
    // Each time another writer has come in between; who never gets through does without the lease.
    private const int MaxRounds = 10;
    private const double SecondsKept = 3600;

    // Cassandra's longest, 20 years.
    private const int MaxTimeToLive = 630_720_000;

    private static readonly CqlRequestOptions _release = CompareAndSet.Change with { IsIdempotent = true };

    private readonly string _take =
        $"UPDATE {keyspace}.leases USING TTL ? SET owner = ?, until = ? WHERE name = ? IF owner = ? AND until = ?";

    private readonly string _delete = $"DELETE FROM {keyspace}.leases WHERE name = ? IF owner = ?";

    public async ValueTask<bool> TryTakeAsync(
        string name, string owner, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
    {
        var take = await session.PrepareAsync(_take, cancellationToken).ConfigureAwait(false);
        var until = (now + duration).ToUnixTimeMilliseconds();
        var farthest = (now + (2 * duration)).ToUnixTimeMilliseconds();
        var timeToLive = (int)Math.Clamp(Math.Ceiling(duration.TotalSeconds) + SecondsKept, 1, MaxTimeToLive);
        var (seenOwner, seenUntil, attempts) = ((string?)null, (long?)null, 0);
        for (var round = 0; round < MaxRounds; round++)
        {
            try
            {
                using var result = await session.ExecuteAsync(
                    take, new LeaseChange(name, owner, until, timeToLive, seenOwner, seenUntil), CompareAndSet.Change,
                    cancellationToken).ConfigureAwait(false);
                if (result.WasApplied)
                {
                    return true;
                }

                (seenOwner, seenUntil) = InTheWay(result);
                if (seenOwner is not null && seenOwner != owner && seenUntil > now.ToUnixTimeMilliseconds() && seenUntil <= farthest)
                {
                    return false;
                }
            }
            catch (CqlException fault) when (CompareAndSet.MayHaveChanged(fault) && ++attempts < CompareAndSet.Attempts)
            {
                // If it was made, the next round sees it as our own, and renews it.
            }
        }

        return false;
    }

    public async ValueTask ReleaseAsync(string name, string owner, CancellationToken cancellationToken)
    {
        var delete = await session.PrepareAsync(_delete, cancellationToken).ConfigureAwait(false);
        using var result = await session.ExecuteAsync(
            delete, new LeaseOwner(name, owner), _release, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Who holds the lease, from the answer to a change that was not applied; nulls if nobody does.</summary>
    private static (string? Owner, long? Until) InTheWay(CqlResult result)
    {
        // Of a row that is not there the answer has no columns.
        foreach (var row in result)
        {
            if (row.Count > 1 && !row["owner"].IsNull)
            {
                return (row["owner"].GetText(), row["until"].GetUnixMilliseconds());
            }
        }

        return (null, null);
    }

    /// <summary>A lease and the owner that it must have.</summary>
    private readonly record struct LeaseOwner(string Name, string Owner) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteText(Name);
            writer.WriteText(Owner);
        }
    }

    /// <summary>A lease's new owner and end, and those that it must have; null: nobody holds it.</summary>
    private readonly record struct LeaseChange(string Name, string Owner, long Until, int TimeToLive, string? SeenOwner, long? SeenUntil)
        : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteInt32(TimeToLive);
            writer.WriteText(Owner);
            writer.WriteTimestamp(Until);
            writer.WriteText(Name);
            writer.WriteText(SeenOwner);
            if (SeenUntil is { } until)
            {
                writer.WriteTimestamp(until);
            }
            else
            {
                writer.WriteNull();
            }
        }
    }
}
