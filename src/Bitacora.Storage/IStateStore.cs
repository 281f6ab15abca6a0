namespace Bitacora.Storage;

/// <summary>
/// Small values that must outlive a process and be changed by one writer at a time: keys, rules' state, silences, saved views. A change is
/// a compare-and-set on a version. Thread-safe.
/// </summary>
public interface IStateStore
{
    /// <summary>The value under a key, or null.</summary>
    ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a value if the key's version is still the one that was read; true when it was. The new version is one more.
    /// </summary>
    /// <param name="key">At most 256 characters.</param>
    /// <param name="value">At most 1 MiB.</param>
    /// <param name="version">The version that was read; 0 when the key must not exist yet.</param>
    /// <param name="cancellationToken">Gives up; the value may or may not be stored then.</param>
    ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> value, long version, CancellationToken cancellationToken);

    /// <summary>Deletes a key if its version is still the one that was read; true when it was.</summary>
    ValueTask<bool> TryDeleteAsync(string key, long version, CancellationToken cancellationToken);

    /// <summary>All entries whose keys begin with a prefix, by key in ordinal order.</summary>
    ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Takes or renews a lease: true when <paramref name="owner"/> holds it now. A lease only saves work; it proves nothing.
    /// </summary>
    /// <remarks>
    /// One that ends later than twice <paramref name="duration"/> from now is void: it was taken by a clock that was far ahead. Clocks of
    /// those who share a lease may differ by less than <paramref name="duration"/>.
    /// </remarks>
    ValueTask<bool> TryLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives a lease back if the owner holds it.</summary>
    ValueTask ReleaseAsync(string name, string owner, CancellationToken cancellationToken);
}
