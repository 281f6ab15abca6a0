namespace Bitacora.Server.Hosting;

/// <summary>
/// Whether writes succeed, as the last ones told. A failure is forgotten after a minute without writes, so that somebody who sends only to
/// servers that are ready finds out that the disk is well again.
/// </summary>
internal sealed class WriteHealth(TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private volatile Failure? _last;

    /// <summary>Why writes fail; null while they do not.</summary>
    public string? Problem => _last is { } failure && clock.GetElapsedTime(failure.At) < Memory ? failure.Reason : null;

    public void Failed(string reason) => _last = new Failure(reason, clock.GetTimestamp());

    public void Succeeded()
    {
        if (_last is not null)
        {
            _last = null;
        }
    }

    private sealed record Failure(string Reason, long At);
}
