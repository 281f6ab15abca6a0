using Bitacora.CassandraTests.Nodes;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>The contract, while records wait to be written.</summary>
public sealed class GatheringStoreContractTests(OrdinaryNode node) : CassandraStoreContract(node.ContactPointsAsync);

/// <summary>The contract, when each batch is in the cluster before anybody asks.</summary>
public sealed class WrittenStoreContractTests(OrdinaryNode node) : CassandraStoreContract(node.ContactPointsAsync)
{
    protected override async ValueTask SettleAsync(ulong sequence) => await Cassandra.FlushAsync(CancellationToken.None);
}

/// <summary>The contract, when every other batch is in the cluster and the rest waits.</summary>
public sealed class HalfWrittenStoreContractTests(OrdinaryNode node) : CassandraStoreContract(node.ContactPointsAsync)
{
    protected override async ValueTask SettleAsync(ulong sequence)
    {
        if (sequence % 2 == 1)
        {
            await Cassandra.FlushAsync(CancellationToken.None);
        }
    }
}

/// <summary>The contract on the version beside the ordinary one, when each batch is in the cluster.</summary>
public sealed class OtherVersionStoreContractTests(OtherNode node) : CassandraStoreContract(node.ContactPointsAsync)
{
    protected override async ValueTask SettleAsync(ulong sequence) => await Cassandra.FlushAsync(CancellationToken.None);
}

/// <summary>Opens the store on a keyspace of its own.</summary>
public abstract class CassandraStoreContract(Func<Task<IReadOnlyList<string>>> contactPoints) : LogStoreContract
{
    private LogKeyspace? _keyspace;

    private protected CassandraLogStore Cassandra => (CassandraLogStore)Store;

    protected override async ValueTask<ILogStore> OpenAsync()
    {
        _keyspace = await LogKeyspace.CreateAsync(await contactPoints());
        return await _keyspace.OpenAsync(Clock);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_keyspace is not null)
        {
            await _keyspace.DisposeAsync();
        }
    }
}
