namespace Bitacora.Server.Hosting;

/// <summary>Since when the server runs, and whether it stops.</summary>
internal sealed class ServerState : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public ServerState(DateTimeOffset since)
    {
        Since = since;
        Stopping = _stopping.Token;
    }

    public DateTimeOffset Since { get; }

    /// <summary>Cancelled when the server begins to stop: writes are refused from then on, tails end.</summary>
    public CancellationToken Stopping { get; }

    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();
}
