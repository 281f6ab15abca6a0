using Bitacora.Storage.Embedded.Engine;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>
/// The connection of one query. When the token is cancelled, what runs is interrupted, again and again until the query lets go: an
/// interrupt that falls between two statements would be forgotten.
/// </summary>
internal sealed class QuerySession : IDisposable
{
    private static readonly TimeSpan _repeat = TimeSpan.FromMilliseconds(20);

    // Guards the connection against an interrupt while it is disposed.
    private readonly Lock _gate = new();
    private readonly EngineConnection _connection;
    private readonly CancellationTokenRegistration _registration;
    private bool _disposed;

    public QuerySession(EngineDatabase engine, CancellationToken token)
    {
        _connection = engine.Connect();
        Token = token;
        _registration = token.Register(() => _ = InterruptAsync());
    }

    public CancellationToken Token { get; }

    /// <exception cref="OperationCanceledException">The token was cancelled before or meanwhile.</exception>
    public EngineResult Query(string sql)
    {
        Token.ThrowIfCancellationRequested();
        try
        {
            return _connection.Query(sql);
        }
        catch (EngineException error) when (error.IsInterrupt)
        {
            throw new OperationCanceledException(error.Message, error, Token);
        }
    }

    /// <summary>The next chunk of a result; see <see cref="EngineResult.Read"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public bool Read(EngineResult result)
    {
        Token.ThrowIfCancellationRequested();
        try
        {
            return result.Read();
        }
        catch (EngineException error) when (error.IsInterrupt)
        {
            throw new OperationCanceledException(error.Message, error, Token);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _disposed = true;
            _connection.Dispose();
        }
    }

    private async Task InterruptAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_disposed)
                {
                    return;
                }

                _connection.Interrupt();
            }

            await Task.Delay(_repeat).ConfigureAwait(false);
        }
    }
}
