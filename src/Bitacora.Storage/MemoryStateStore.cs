namespace Bitacora.Storage;

/// <summary>The reference <see cref="IStateStore"/>: in memory, gone with the process.</summary>
public sealed class MemoryStateStore(TimeProvider clock) : IStateStore
{
    // Guards both dictionaries.
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StateEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Owner, DateTimeOffset Until)> _leases = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_entries.GetValueOrDefault(key));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> value, long version, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if ((_entries.GetValueOrDefault(key)?.Version ?? 0) != version)
            {
                return new(false);
            }

            _entries[key] = new StateEntry(key, value.ToArray(), version + 1);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryDeleteAsync(string key, long version, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_entries.TryGetValue(key, out var entry) && entry.Version == version && _entries.Remove(key));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new([.. _entries.Values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (_leases.TryGetValue(name, out var lease) && lease.Owner != owner && lease.Until > now
                && lease.Until <= now + (2 * duration))
            {
                return new(false);
            }

            _leases[name] = (owner, now + duration);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(string name, string owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_leases.TryGetValue(name, out var lease) && lease.Owner == owner)
            {
                _leases.Remove(name);
            }
        }

        return ValueTask.CompletedTask;
    }
}
