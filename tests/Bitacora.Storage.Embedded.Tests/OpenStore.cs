using Bitacora.Records;
using Bitacora.Testing.Queries;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>A store for generated records: after which batches all is sealed is the test's choice.</summary>
internal sealed class OpenStore : IGeneratedStore
{
    private readonly TemporaryDirectory _directory = new();
    private readonly EmbeddedLogStore _store;
    private readonly Func<bool, bool> _seals;

    public OpenStore(Func<bool, bool> seals)
    {
        _seals = seals;
        _store = EmbeddedLogStore.Open(
            new EmbeddedStoreOptions { Directory = _directory.Path, EngineThreads = 2 },
            new FakeTimeProvider(RecordGenerator.Now));
    }

    public ILogStore Store => _store;

    public async Task AppendAsync(RecordBatch batch, ulong sequence, bool isMiddle)
    {
        await _store.AppendAsync(batch, sequence, CancellationToken.None);
        if (_seals(isMiddle))
        {
            await _store.SealAllAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }
}
