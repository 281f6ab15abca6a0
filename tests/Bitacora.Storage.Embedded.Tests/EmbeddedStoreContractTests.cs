using Bitacora.Testing.Storage;

namespace Bitacora.Storage.Embedded.Tests;

/// <summary>The contract, while all records are in memory.</summary>
public sealed class UnsealedStoreContractTests : EmbeddedStoreContract;

/// <summary>The contract, when each batch is in files before anybody asks.</summary>
public sealed class SealedStoreContractTests : EmbeddedStoreContract
{
    protected override async ValueTask SettleAsync(ulong sequence) => await Embedded.SealAllAsync(CancellationToken.None);
}

/// <summary>The contract, when every other batch is in files and the rest in memory.</summary>
public sealed class HalfSealedStoreContractTests : EmbeddedStoreContract
{
    protected override async ValueTask SettleAsync(ulong sequence)
    {
        if (sequence % 2 == 1)
        {
            await Embedded.SealAllAsync(CancellationToken.None);
        }
    }
}

/// <summary>Opens the store in a directory of its own.</summary>
public abstract class EmbeddedStoreContract : LogStoreContract
{
    private readonly TemporaryDirectory _directory = new();

    private protected EmbeddedLogStore Embedded => (EmbeddedLogStore)Store;

    protected override ValueTask<ILogStore> OpenAsync() =>
        new(EmbeddedLogStore.Open(new EmbeddedStoreOptions { Directory = _directory.Path }, Clock));

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
