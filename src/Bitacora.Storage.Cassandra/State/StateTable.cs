using System.Runtime.ExceptionServices;
using Bitacora.Cql;

namespace Bitacora.Storage.Cassandra.State;

/// <summary>The table <c>state</c>. A key that is not there has version 0, which the row's condition says as null.</summary>
internal sealed class StateTable(CqlSession session, string keyspace)
{
    // Values of up to 1 MiB: a page of 64 stays well below what a client takes.
    private static readonly CqlRequestOptions _scan = new() { PageSize = 64, IsIdempotent = true };

    private readonly string _select = $"SELECT key, version, value FROM {keyspace}.state WHERE key = ?";
    private readonly string _put = $"UPDATE {keyspace}.state SET version = ?, value = ? WHERE key = ? IF version = ?";
    private readonly string _delete = $"DELETE FROM {keyspace}.state WHERE key = ? IF version = ?";
    private readonly string _all = $"SELECT key, version, value FROM {keyspace}.state";

    public async ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        var select = await session.PrepareAsync(_select, cancellationToken).ConfigureAwait(false);
        using var rows = await session.ExecuteAsync(
            select, new StateKey(key), CompareAndSet.Read, cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            return Entry(row);
        }

        return null;
    }

    public async ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> value, long version, CancellationToken cancellationToken)
    {
        var put = await session.PrepareAsync(_put, cancellationToken).ConfigureAwait(false);
        CqlException? unknown = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var result = await session.ExecuteAsync(
                    put, new StateChange(key, value, version), CompareAndSet.Change, cancellationToken).ConfigureAwait(false);
                if (result.WasApplied || unknown is null)
                {
                    return result.WasApplied;
                }
            }
            catch (CqlException fault) when (CompareAndSet.MayHaveChanged(fault))
            {
                unknown = fault;
            }

            // The cluster could not say whether a change was made; what is in the way of the next one may be our own.
            switch (await LookUpAsync(key, value, version, cancellationToken).ConfigureAwait(false))
            {
                case ChangeOutcome.Made:
                    return true;
                case ChangeOutcome.Refused:
                    return false;
                case ChangeOutcome.Pending when attempt < CompareAndSet.Attempts:
                    break;
                default:
                    ExceptionDispatchInfo.Throw(unknown);
                    break;
            }
        }
    }

    public async ValueTask<bool> TryDeleteAsync(string key, long version, CancellationToken cancellationToken)
    {
        var delete = await session.PrepareAsync(_delete, cancellationToken).ConfigureAwait(false);
        try
        {
            using var result = await session.ExecuteAsync(
                delete, new StateVersion(key, version), CompareAndSet.Change, cancellationToken).ConfigureAwait(false);
            return result.WasApplied;
        }
        catch (CqlException fault) when (CompareAndSet.MayHaveChanged(fault))
        {
            // A key that is there may have been made anew, with the same version: it is not deleted again.
            if (await GetAsync(key, cancellationToken).ConfigureAwait(false) is not null)
            {
                throw;
            }

            return true;
        }
    }

    public async ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        // Cassandra reads only one key at a time serially; what was acknowledged or read is at a quorum.
        var all = await session.PrepareAsync(_all, cancellationToken).ConfigureAwait(false);
        var entries = new List<StateEntry>();
        await foreach (var page in session.ReadPagesAsync(all, default(NoValues), _scan, cancellationToken).ConfigureAwait(false))
        {
            foreach (var row in page)
            {
                if (row[0].GetText()!.StartsWith(prefix, StringComparison.Ordinal))
                {
                    entries.Add(Entry(row));
                }
            }
        }

        entries.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return entries;
    }

    private async ValueTask<ChangeOutcome> LookUpAsync(
        string key, ReadOnlyMemory<byte> value, long version, CancellationToken cancellationToken)
    {
        var entry = await GetAsync(key, cancellationToken).ConfigureAwait(false);
        var present = entry?.Version ?? 0;
        return present == version ? ChangeOutcome.Pending
            : present != version + 1 ? ChangeOutcome.Unknown
            : entry!.Value.Span.SequenceEqual(value.Span) ? ChangeOutcome.Made : ChangeOutcome.Refused;
    }

    private static StateEntry Entry(CqlRow row) => new(row[0].GetText()!, row[2].GetBlob().ToArray(), row[1].GetInt64());

    /// <summary>A key.</summary>
    private readonly record struct StateKey(string Key) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer) => writer.WriteText(Key);
    }

    /// <summary>A key and the version that it must have.</summary>
    private readonly record struct StateVersion(string Key, long Version) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteText(Key);
            writer.WriteInt64(Version);
        }
    }

    /// <summary>A key's new value and the version that it must have; 0: it must not exist.</summary>
    private readonly record struct StateChange(string Key, ReadOnlyMemory<byte> Value, long Version) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteInt64(Version + 1);
            writer.WriteBlob(Value.Span);
            writer.WriteText(Key);
            if (Version == 0)
            {
                writer.WriteNull();
            }
            else
            {
                writer.WriteInt64(Version);
            }
        }
    }
}
