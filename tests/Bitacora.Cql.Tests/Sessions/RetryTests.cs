using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

public class RetryTests
{
    private static readonly CqlRequestOptions Idempotent = new() { IsIdempotent = true };

    [Theory]
    [InlineData("Unavailable", true, true)]
    [InlineData("Overloaded", true, true)]
    [InlineData("Bootstrapping", true, true)]
    [InlineData("ReadTimeout", true, true)]
    [InlineData("WriteTimeout", false, true)]
    [InlineData("WriteFailure", false, true)]
    [InlineData("CasWriteUnknown", false, true)]
    [InlineData("ServerError", false, true)]
    [InlineData("ReadFailure", false, false)]
    [InlineData("Syntax", false, false)]
    [InlineData("Unauthorized", false, false)]
    [InlineData("Invalid", false, false)]
    [InlineData("Protocol", false, false)]
    [InlineData("AlreadyExists", false, false)]
    public async Task A_request_is_repeated_on_another_node_where_that_is_safe(string error, bool always, bool ifIdempotent)
    {
        (await AttemptsAsync(Error(error), CqlRequestOptions.Default)).ShouldBe(always ? 2 : 1);
        (await AttemptsAsync(Error(error), Idempotent)).ShouldBe(ifIdempotent ? 2 : 1);
    }

    [Fact]
    public async Task After_three_attempts_the_causes_of_all_are_told()
    {
        await using var cluster = FakeCluster.Start(3);
        foreach (var node in cluster.Nodes)
        {
            node.On("Q", FakeErrors.Overloaded());
        }

        await using var session = await cluster.ConnectAsync();
        await PreparedTests.EveryNodeConnectedAsync(session, 3);
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(() => session.QueryAsync("Q").AsTask());
        fault.Causes.Count.ShouldBe(3);
        fault.Causes.Select(cause => cause.Node).Distinct().Count().ShouldBe(3);
        fault.IsTransient.ShouldBeTrue();
        cluster.Nodes.ShouldAllBe(node => node.Requests.Of("Q").Count == 1);
    }

    [Fact]
    public async Task A_single_node_that_was_overloaded_is_asked_again()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeErrors.Overloaded(), times: 2);
        await using var session = await cluster.ConnectAsync();
        await session.QueryAsync("Q");
        cluster.Node.Requests.Of("Q").Count.ShouldBe(3);
        cluster.Node.Requests.Of("Q").Select(request => request.Timestamp).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task What_is_certain_is_told_as_it_is_even_after_a_retry()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeErrors.Syntax());
        cluster.Node.On("Q", FakeErrors.Overloaded(), times: 1);
        await using var session = await cluster.ConnectAsync();
        (await Should.ThrowAsync<CqlServerException>(() => session.QueryAsync("Q").AsTask())).Code.ShouldBe(CqlErrorCode.Syntax);
    }

    [Fact]
    public async Task While_all_nodes_are_away_callers_wait_and_go_on_when_one_is_back()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        cluster.Node.Die();
        var waiting = Enumerable.Range(0, 10).Select(_ => session.QueryAsync("Q", Idempotent).AsTask()).ToArray();
        cluster.Node.Listen();
        await Task.WhenAll(waiting).WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task If_no_node_comes_back_in_time_the_error_says_what_each_had()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        cluster.Node.Die();
        var options = Idempotent with { Timeout = TimeSpan.FromMilliseconds(300) };
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(() => session.QueryAsync("Q", options).AsTask());
        fault.Message.ShouldContain($"{cluster.Node.EndPoint}");
        fault.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_caller_who_waits_for_a_node_can_leave()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        cluster.Node.Die();
        using var cancellation = new CancellationTokenSource();
        var waiting = session.QueryAsync("Q", Idempotent, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(FakeCluster.Patience));
    }

    [Fact]
    public async Task A_lightweight_transaction_has_no_timestamp_and_says_whether_it_was_applied()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeReply.Rows([new("[applied]", FakeType.Boolean)], [FakeValue.Boolean(false)]));
        await using var session = await cluster.ConnectAsync();
        using var result = await session.QueryAsync("Q", new CqlRequestOptions { SerialConsistency = Consistency.LocalSerial });
        result.WasApplied.ShouldBeFalse();
        var request = cluster.Node.Requests.Of("Q").Single();
        (request.SerialConsistency, request.Timestamp).ShouldBe(((ushort?)9, null));
    }

    [Fact]
    public async Task Warnings_reach_the_caller()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeReply.Void with { Warnings = ["too much"] });
        await using var session = await cluster.ConnectAsync();
        (await session.QueryAsync("Q")).Warnings.ShouldBe(["too much"]);
    }

    private static async Task<int> AttemptsAsync(FakeReply error, CqlRequestOptions options)
    {
        await using var cluster = FakeCluster.Start(2);
        var first = 0;
        foreach (var node in cluster.Nodes)
        {
            node.On(request => request.Cql == "Q" && Interlocked.Exchange(ref first, 1) == 0, _ => error);
        }

        await using var session = await cluster.ConnectAsync();
        await PreparedTests.EveryNodeConnectedAsync(session, 2);
        try
        {
            await session.QueryAsync("Q", options).AsTask().WaitAsync(FakeCluster.Patience);
        }
        catch (CqlServerException)
        {
            // Not repeated.
        }

        var attempts = cluster.Nodes.Sum(node => node.Requests.Of("Q").Count);
        cluster.Nodes.ShouldAllBe(node => node.Requests.Of("Q").Count <= 1);
        return attempts;
    }

    private static FakeReply Error(string name) => name switch
    {
        "Unavailable" => FakeErrors.Unavailable(),
        "Overloaded" => FakeErrors.Overloaded(),
        "Bootstrapping" => FakeErrors.Bootstrapping(),
        "ReadTimeout" => FakeErrors.ReadTimeout(),
        "WriteTimeout" => FakeErrors.WriteTimeout(),
        "WriteFailure" => FakeErrors.WriteFailure(new Dictionary<System.Net.IPAddress, int>()),
        "ReadFailure" => FakeErrors.ReadFailure(new Dictionary<System.Net.IPAddress, int>()),
        "CasWriteUnknown" => FakeErrors.CompareAndSetUnknown(),
        "ServerError" => FakeErrors.Server(),
        "Syntax" => FakeErrors.Syntax(),
        "Unauthorized" => FakeErrors.Unauthorized(),
        "Invalid" => FakeErrors.Invalid("wrong"),
        "Protocol" => FakeErrors.Protocol("wrong"),
        _ => FakeErrors.AlreadyExists("ks"),
    };
}
