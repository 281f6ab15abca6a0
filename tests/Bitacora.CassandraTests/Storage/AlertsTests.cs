using Bitacora.CassandraTests.Nodes;
using Bitacora.Testing.Alerting;

namespace Bitacora.CassandraTests.Storage;

/// <summary>The same records give the same alerts on both versions, whether they wait, are in the cluster, or between.</summary>
public sealed class AlertsTests(OrdinaryNode node, OtherNode other)
{
    [Fact]
    public Task Alerts_are_those_of_the_reference_while_records_wait() => CheckAsync(node.ContactPointsAsync, _ => false, seed: 4);

    [Fact]
    public Task Alerts_are_those_of_the_reference_when_half_of_the_records_are_written() =>
        CheckAsync(node.ContactPointsAsync, isMiddle => isMiddle, seed: 5);

    [Fact]
    public Task Alerts_are_those_of_the_reference_when_all_records_are_written() =>
        CheckAsync(node.ContactPointsAsync, _ => true, seed: 6);

    [Fact]
    public Task Alerts_are_those_of_the_reference_on_the_other_version() => CheckAsync(other.ContactPointsAsync, _ => true, seed: 7);

    private static Task CheckAsync(Func<Task<IReadOnlyList<string>>> contactPoints, Func<bool, bool> flushes, int seed) =>
        GeneratedAlerts.CheckAsync(async () => await OpenStore.OpenAsync(await contactPoints(), flushes), seed);
}
