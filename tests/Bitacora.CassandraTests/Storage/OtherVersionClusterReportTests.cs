using Bitacora.CassandraTests.Nodes;

namespace Bitacora.CassandraTests.Storage;

public sealed class OtherVersionClusterReportTests(OtherNode node) : ClusterReportContract(node.ContactPointsAsync);
