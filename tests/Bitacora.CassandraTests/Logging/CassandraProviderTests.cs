using Bitacora.CassandraTests.Nodes;

namespace Bitacora.CassandraTests.Logging;

public sealed class CassandraProviderTests(OrdinaryNode node) : CassandraProviderContract
{
    protected override Task<IReadOnlyList<string>> ContactPointsAsync() => node.ContactPointsAsync();
}
