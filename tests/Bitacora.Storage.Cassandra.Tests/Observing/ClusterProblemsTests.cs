namespace Bitacora.Storage.Cassandra.Tests.Observing;

public sealed class ClusterProblemsTests
{
    private static readonly Guid[] _hosts = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];

    [Fact]
    public void All_is_well_where_each_sees_each_up() =>
        Problems(Node(0, Seen(0), Seen(1)), Node(1, Seen(0), Seen(1))).ShouldBeEmpty();

    [Fact]
    public void A_node_that_does_not_answer_and_is_up_for_nobody_is_down() =>
        Problems(Node(0, Seen(0), Seen(1, isUp: false)), Silent(1)).ShouldBe(["The node n1 is down: refused"]);

    [Fact]
    public void A_node_that_only_some_see_is_a_problem_though_it_answers() =>
        Problems(Node(0, Seen(0), Seen(1, isUp: false)), Node(1, Seen(0), Seen(1))).ShouldBe(["The node n1 is up for 1 of 2 nodes."]);

    [Fact]
    public void A_node_that_is_up_for_others_but_silent_here_is_a_problem_in_this_datacenter_only()
    {
        Problems(Node(0, Seen(0), Seen(1)), Silent(1)).ShouldBe(["The node n1 is up for the others, but does not answer here: refused"]);
        Problems(Node(0, Seen(0), Seen(1)), Silent(1) with { Datacenter = "far" }).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_wrong_with_a_node_that_has_left() =>
        Problems(
            Node(0, Seen(0), Seen(1), Seen(2, isUp: false, status: "LEFT")), Node(1, Seen(0), Seen(1))).ShouldBeEmpty();

    [Theory]
    [InlineData("STUFFED", "The disk of the node n0 is nearly full.")]
    [InlineData("FULL", "The disk of the node n0 is full: it takes no writes.")]
    public void A_disk_that_fills_is_told_of_once(string state, string problem) =>
        Problems(Node(0, Seen(0, disk: state), Seen(1, disk: "SPACIOUS")), Node(1, Seen(0, disk: state), Seen(1))).ShouldBe([problem]);

    private static IReadOnlyList<string> Problems(params NodeReport[] nodes) => new ClusterReport(default, nodes).Problems;

    private static NodeReport Node(int number, params PeerReport[] peers) => new()
    {
        HostId = _hosts[number],
        Address = $"n{number}",
        Datacenter = "near",
        Rack = "r",
        ReleaseVersion = "5.0.6",
        Peers = peers,
    };

    private static NodeReport Silent(int number) => Node(number) with { Fault = "refused" };

    private static PeerReport Seen(int number, bool isUp = true, string status = "NORMAL", string? disk = null) =>
        new(_hosts[number], $"n{number}", isUp, status, disk);
}
