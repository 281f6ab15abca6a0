namespace Bitacora.Cql.Cluster;

/// <summary>A wait that can be cut short when there is news.</summary>
internal sealed class WakeableDelay(TimeProvider time)
{
    private volatile TaskCompletionSource? _current;

    public async Task WaitAsync(TimeSpan delay, CancellationToken cancellation)
    {
        var current = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _current = current;
        await using var timer = time.CreateTimer(
            static state => ((TaskCompletionSource)state!).TrySetResult(), current, delay, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await current.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    public void Wake() => _current?.TrySetResult();
}
