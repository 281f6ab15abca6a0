using System.Threading.Tasks.Sources;

namespace Bitacora.Cql.Connections;

/// <summary>
/// Wakes one waiting loop, again and again, without allocating. The loop's owner sees to it that wake and wait alternate.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };

    public void Reset() => _source.Reset();

    public void Wake() => _source.SetResult(true);

    /// <summary>Ends with the next <see cref="Wake"/> after the last <see cref="Reset"/>.</summary>
    public ValueTask WaitAsync() => new(this, _source.Version);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
