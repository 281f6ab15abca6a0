using Bitacora.CassandraTests.Nodes;

namespace Bitacora.CassandraTests.Storage;

public sealed class ClusterReportTests(OrdinaryNode node) : ClusterReportContract(node.ContactPointsAsync);
