using Bitacora.CassandraTests.Nodes;

namespace Bitacora.CassandraTests.Storage;

public sealed class CassandraStateStoreTests(OrdinaryNode node) : CassandraStateStoreContract(node.ContactPointsAsync);
