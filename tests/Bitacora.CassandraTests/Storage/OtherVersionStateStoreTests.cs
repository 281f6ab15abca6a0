using Bitacora.CassandraTests.Nodes;

namespace Bitacora.CassandraTests.Storage;

public sealed class OtherVersionStateStoreTests(OtherNode node) : CassandraStateStoreContract(node.ContactPointsAsync);
