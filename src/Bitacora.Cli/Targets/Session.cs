using Bitacora.Client;
using Bitacora.Server;

namespace Bitacora.Cli.Targets;

/// <summary>A server to work with: one that runs, or one of our own that lives as long as the command.</summary>
internal sealed class Session(BitacoraClient client, BitacoraServer? ownServer = null, string? temporary = null) : IAsyncDisposable
{
    public BitacoraClient Client => client;

    /// <summary>Whether the server is this very process.</summary>
    public bool IsOwn => ownServer is not null;

    /// <summary>
    /// Completes when what was sent outlives this process and its disk, where the server is our own: at once for a directory, after the
    /// window in which it may have to be sent again for a cluster.
    /// </summary>
    public Task SettleAsync(CancellationToken cancellationToken) => ownServer?.SettleAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Completes when the store has what was sent, where the server is our own.</summary>
    public Task StoredAsync(CancellationToken cancellationToken) => ownServer?.StoredAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (ownServer is not null)
        {
            await ownServer.DisposeAsync();
        }

        if (temporary is not null)
        {
            Directory.Delete(temporary, recursive: true);
        }
    }
}
