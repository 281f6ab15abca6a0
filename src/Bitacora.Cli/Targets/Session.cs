using Bitacora.Client;

namespace Bitacora.Cli.Targets;

/// <summary>A server to work with: one that runs, or one of our own that lives as long as the command.</summary>
internal sealed class Session(BitacoraClient client, IAsyncDisposable? ownServer) : IAsyncDisposable
{
    public BitacoraClient Client => client;

    /// <summary>Whether the server is this very process.</summary>
    public bool IsOwn => ownServer is not null;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (ownServer is not null)
        {
            await ownServer.DisposeAsync();
        }
    }
}
