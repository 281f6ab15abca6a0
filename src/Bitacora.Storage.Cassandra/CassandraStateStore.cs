using Bitacora.Cql;
using Bitacora.Storage.Cassandra.State;

namespace Bitacora.Storage.Cassandra;

/// <summary>
/// The <see cref="IStateStore"/> of a cluster: a row a key, changed by lightweight transactions within the local datacenter. Thread-safe;
/// several servers share it. A change of which the cluster cannot say whether it was made is looked up; the call fails only if that does
/// not tell either. Two writers that read the same version, store the very same bytes and lose their answers may both be told that they
/// have.
/// </summary>
public sealed class CassandraStateStore : IStateStore
{
    private const int MaxKeyLength = 256;
    private const int MaxValueBytes = 1 << 20;

    private readonly StateTable _state;
    private readonly LeaseTable _leases;
    private readonly TimeProvider _clock;

    /// <param name="session">The cluster; stays the caller's.</param>
    /// <param name="keyspace">Where the tables <c>state</c> and <c>leases</c> are.</param>
    /// <param name="clock">The clock of leases; those of servers that share a lease should agree to the second.</param>
    public CassandraStateStore(CqlSession session, string keyspace, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentException.ThrowIfNullOrEmpty(keyspace);
        ArgumentNullException.ThrowIfNull(clock);
        (_state, _leases, _clock) = (new StateTable(session, keyspace), new LeaseTable(session, keyspace), clock);
    }

    /// <inheritdoc/>
    /// <exception cref="CqlException">The cluster did not answer.</exception>
    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        CheckKey(key);
        return _state.GetAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="CqlException">The cluster did not answer: the value may or may not be stored.</exception>
    public ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> value, long version, CancellationToken cancellationToken)
    {
        CheckKey(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, MaxValueBytes, nameof(value));
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return _state.TryPutAsync(key, value, version, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="CqlException">The cluster did not answer: the key may or may not be deleted.</exception>
    public ValueTask<bool> TryDeleteAsync(string key, long version, CancellationToken cancellationToken)
    {
        CheckKey(key);
        return _state.TryDeleteAsync(key, version, cancellationToken);
    }

    /// <summary>
    /// All entries whose keys begin with a prefix, by key in ordinal order. Reads the whole table; each entry is what was last
    /// acknowledged or read under its key, or newer.
    /// </summary>
    /// <exception cref="CqlException">The cluster did not answer.</exception>
    public ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return _state.ListAsync(prefix, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="CqlException">The cluster did not answer: the lease may or may not be held.</exception>
    public ValueTask<bool> TryLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        return _leases.TryTakeAsync(name, owner, _clock.GetUtcNow(), duration, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="CqlException">The cluster did not answer: it is given back, or ends by itself.</exception>
    public ValueTask ReleaseAsync(string name, string owner, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        return _leases.ReleaseAsync(name, owner, cancellationToken);
    }

    private static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxKeyLength, nameof(key));
    }
}
