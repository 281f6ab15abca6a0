using Bitacora.Testing.Storage;

namespace Bitacora.Storage.Tests;

public sealed class MemoryStateStoreTests : StateStoreContract
{
    protected override IStateStore Store => _store ??= new MemoryStateStore(Clock);

    private MemoryStateStore? _store;
}
