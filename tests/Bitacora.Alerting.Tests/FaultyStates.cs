using Bitacora.Storage;

namespace Bitacora.Alerting.Tests;

/// <summary>A state store that fails before or after it has stored, as when a process is killed, or lets somebody else go first.</summary>
internal sealed class FaultyStates(IStateStore inner) : IStateStore
{
    /// <summary>Asked at each put: whether it fails before storing, after it, or not at all.</summary>
    public Func<string, PutFault> Fault { get; set; } = _ => PutFault.None;

    /// <summary>Runs once, before the next put.</summary>
    public Func<Task>? First { get; set; }

    public ValueTask<StateEntry?> GetAsync(string key, CancellationToken cancellationToken) => inner.GetAsync(key, cancellationToken);

    public async ValueTask<bool> TryPutAsync(
        string key, ReadOnlyMemory<byte> value, long version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (First is { } first)
        {
            First = null;
            await first();
        }

        var fault = Fault(key);
        if (fault == PutFault.Before)
        {
            throw new IOException("killed before the put");
        }

        var stored = await inner.TryPutAsync(key, value, version, cancellationToken);
        return fault == PutFault.After ? throw new IOException("killed after the put") : stored;
    }

    public ValueTask<bool> TryDeleteAsync(string key, long version, CancellationToken cancellationToken) =>
        inner.TryDeleteAsync(key, version, cancellationToken);

    public ValueTask<IReadOnlyList<StateEntry>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        inner.ListAsync(prefix, cancellationToken);

    public ValueTask<bool> TryLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken) =>
        inner.TryLeaseAsync(name, owner, duration, cancellationToken);

    public ValueTask ReleaseAsync(string name, string owner, CancellationToken cancellationToken) =>
        inner.ReleaseAsync(name, owner, cancellationToken);
}
