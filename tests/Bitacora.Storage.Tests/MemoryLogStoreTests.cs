using Bitacora.Testing.Storage;

namespace Bitacora.Storage.Tests;

/// <summary>The reference store keeps the contract.</summary>
public sealed class MemoryLogStoreTests : LogStoreContract
{
    protected override ValueTask<ILogStore> OpenAsync() => new(new MemoryLogStore(Clock));
}
