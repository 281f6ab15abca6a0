using System.Diagnostics;
using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

public class StreamTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Answers_in_any_order_reach_their_requests(int version)
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(
            request => request.Kind == MessageKind.Query && request.Values.Count == 2,
            request => FakeReply.Rows([new("id", FakeType.Int)], [request.Values[0]]) with { Gate = gate });
        await using var session = await cluster.ConnectAsync(options => options with { MaxProtocolVersion = version });

        var answers = Enumerable.Range(0, 50).Select(id => IdOfAsync(session, id)).ToArray();
        await gate.HoldsAsync(50).WaitAsync(FakeCluster.Patience);
        var random = new Random(1);
        gate.ReleaseAll(held => held.OrderBy(_ => random.Next()));

        (await Task.WhenAll(answers).WaitAsync(FakeCluster.Patience)).ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public async Task With_all_streams_in_use_callers_wait_in_their_order()
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(IsValues, _ => FakeReply.Void with { Gate = gate });
        await using var session = await cluster.ConnectAsync(options => options with { MaxRequestsInFlight = 2 });

        var answers = Enumerable.Range(0, 6).Select(id => session.QueryAsync("Q", new Person(id, "")).AsTask()).ToArray();
        for (var done = 0; done < 6; done += 2)
        {
            await gate.HoldsAsync(2).WaitAsync(FakeCluster.Patience);
            gate.Requests.Select(request => request.Values[0].AsInt()).ShouldBe([done, done + 1]);
            gate.ReleaseAll();
            await Task.WhenAll(answers[done], answers[done + 1]).WaitAsync(FakeCluster.Patience);
        }
    }

    [Fact]
    public async Task With_too_many_bytes_under_way_callers_wait_and_a_large_request_goes_alone()
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(IsValues, _ => FakeReply.Void with { Gate = gate });
        await using var session = await cluster.ConnectAsync(options => options with { MaxBytesInFlight = 10_000 });

        var large = session.QueryAsync("Q", new Person(1, new string('x', 50_000))).AsTask();
        var small = session.QueryAsync("Q", new Person(2, "")).AsTask();
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        gate.Requests.Single().Values[0].AsInt().ShouldBe(1);
        gate.Release();
        await large.WaitAsync(FakeCluster.Patience);
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        gate.Release();
        await small.WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task A_waiting_caller_can_leave_and_the_next_takes_its_place()
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(IsValues, _ => FakeReply.Void with { Gate = gate });
        await using var session = await cluster.ConnectAsync(options => options with { MaxRequestsInFlight = 1 });
        using var cancellation = new CancellationTokenSource();

        var first = session.QueryAsync("Q", new Person(1, "")).AsTask();
        var second = session.QueryAsync("Q", new Person(2, ""), null, cancellation.Token).AsTask();
        var third = session.QueryAsync("Q", new Person(3, "")).AsTask();
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        gate.Release();
        await first.WaitAsync(FakeCluster.Patience);
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        gate.Requests.Single().Values[0].AsInt().ShouldBe(3);
        gate.Release();
        await third.WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task A_caller_that_was_cancelled_before_is_not_sent()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            () => session.QueryAsync("Q", new Person(1, ""), null, new CancellationToken(true)).AsTask());
        cluster.Node.Requests.Of("Q").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_that_times_out_keeps_its_stream_until_the_late_answer_comes()
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(IsValues, request => FakeReply.Rows([new("id", FakeType.Int)], [request.Values[0]]) with { Gate = gate });
        await using var session = await cluster.ConnectAsync(options => options with { MaxRequestsInFlight = 1 });

        var impatient = new CqlRequestOptions { Timeout = TimeSpan.FromMilliseconds(100) };
        var fault = await Should.ThrowAsync<CqlTimeoutException>(() => session.QueryAsync("Q", new Person(1, ""), impatient).AsTask());
        fault.WasSent.ShouldBeTrue();
        fault.Node.ShouldBe(cluster.Node.EndPoint);

        // Its stream is the only one: this one waits, and does not get the late answer.
        var next = IdOfAsync(session, 2);
        gate.Release();
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        gate.Release();
        (await next.WaitAsync(FakeCluster.Patience)).ShouldBe(2);
    }

    [Fact]
    public async Task A_request_whose_turn_does_not_come_times_out_unsent()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On(IsValues, _ => FakeReply.Silence);
        await using var session = await cluster.ConnectAsync(options => options with { MaxRequestsInFlight = 1 });
        using var cancellation = new CancellationTokenSource();
        var first = session.QueryAsync("Q", new Person(1, ""), null, cancellation.Token).AsTask();
        var impatient = new CqlRequestOptions { Timeout = TimeSpan.FromMilliseconds(100) };
        var fault = await Should.ThrowAsync<CqlTimeoutException>(() => session.QueryAsync("Q", new Person(2, ""), impatient).AsTask());
        fault.WasSent.ShouldBeFalse();
        fault.IsTransient.ShouldBeTrue();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(-5)]
    public async Task A_stream_on_which_nothing_was_asked_ends_the_connection_and_each_request_on_it_once(short stream)
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(IsValues, _ => FakeReply.Void with { Gate = gate });
        await using var session = await cluster.ConnectAsync();
        var answers = Enumerable.Range(0, 10).Select(id => session.QueryAsync("Q", new Person(id, "")).AsTask()).ToArray();
        await gate.HoldsAsync(10).WaitAsync(FakeCluster.Patience);
        Talking(cluster).Send(FakeErrors.Server("unplaced"), stream);
        foreach (var answer in answers)
        {
            (await Should.ThrowAsync<CqlProtocolException>(() => answer.WaitAsync(FakeCluster.Patience))).Message
                .ShouldContain($"{stream}");
        }

        await session.QueryAsync(FakeCluster.Select).AsTask().WaitAsync(FakeCluster.Patience);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_server_that_refuses_requests_and_does_not_say_which_gets_only_those_again(int version)
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(IsValues, _ => FakeReply.Void with { Gate = gate }, times: 10);
        await using var session = await cluster.ConnectAsync(
            options => options with { MaxProtocolVersion = version, MaxRequestsInFlight = 10 });
        var connection = Talking(cluster);
        var answers = Enumerable.Range(0, 15).Select(id => session.QueryAsync("Q", new Person(id, "")).AsTask()).ToArray();
        await gate.HoldsAsync(10).WaitAsync(FakeCluster.Patience);
        connection.Send(FakeErrors.Overloaded("Query timed out before it could start"), stream: 0);
        connection.Send(FakeErrors.Overloaded("Query timed out before it could start"), stream: 0);

        // Those that waited for their turn go on at once, on another connection.
        await Task.WhenAll(answers[10..]).WaitAsync(FakeCluster.Patience);
        answers[..10].ShouldAllBe(answer => !answer.IsCompleted);
        for (var i = 0; i < 8; i++)
        {
            gate.Release();
        }

        await Task.WhenAll(answers).WaitAsync(FakeCluster.Patience);
        cluster.Node.Requests.Of("Q").GroupBy(request => request.Values[0].AsInt()).Select(sent => sent.Count()).Order()
            .ShouldBe([.. Enumerable.Repeat(1, 13), 2, 2]);
        for (var start = Stopwatch.GetTimestamp(); cluster.Node.Connections.Contains(connection);)
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(FakeCluster.Patience);
            await session.QueryAsync(FakeCluster.Select);
        }
    }

    [Theory]
    [InlineData(ReplyDamage.HeaderChecksum)]
    [InlineData(ReplyDamage.PayloadChecksum)]
    public async Task A_corrupt_frame_ends_the_connection_and_each_request_on_it_once(ReplyDamage damage)
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(IsValues, request => FakeReply.Void with
        {
            Gate = gate,
            Damage = request.Values[0].AsInt() == 3 ? damage : ReplyDamage.None,
        });
        await using var session = await cluster.ConnectAsync();
        var answers = Enumerable.Range(0, 10).Select(id => session.QueryAsync("Q", new Person(id, "")).AsTask()).ToArray();
        await gate.HoldsAsync(10).WaitAsync(FakeCluster.Patience);
        gate.Release(3);
        foreach (var answer in answers)
        {
            (await Should.ThrowAsync<CqlProtocolException>(() => answer.WaitAsync(FakeCluster.Patience))).Message.ShouldContain("corrupt");
        }

        await session.QueryAsync(FakeCluster.Select).AsTask().WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task What_was_sent_on_a_lost_connection_is_repeated_only_if_that_changes_nothing()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On(IsValues, _ => FakeReply.Cut, times: 1);
        await using var session = await cluster.ConnectAsync();
        var fault = await Should.ThrowAsync<CqlConnectionException>(() => session.QueryAsync("Q", new Person(1, "")).AsTask());
        fault.IsTransient.ShouldBeTrue();
        cluster.Node.Requests.Of("Q").Count.ShouldBe(1);

        cluster.Node.On(IsValues, _ => FakeReply.Cut, times: 1);
        var idempotent = new CqlRequestOptions { IsIdempotent = true };
        await session.QueryAsync("Q", new Person(2, ""), idempotent).AsTask().WaitAsync(FakeCluster.Patience);
        cluster.Node.Requests.Of("Q").Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_waited_on_a_lost_connection_goes_on_the_next()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On(IsValues, _ => FakeReply.Cut, times: 1);
        await using var session = await cluster.ConnectAsync(options => options with { MaxRequestsInFlight = 1 });
        var first = session.QueryAsync("Q", new Person(1, "")).AsTask();
        var waiting = Enumerable.Range(2, 5).Select(id => session.QueryAsync("Q", new Person(id, "")).AsTask()).ToArray();
        await Should.ThrowAsync<CqlConnectionException>(() => first.WaitAsync(FakeCluster.Patience));
        await Task.WhenAll(waiting).WaitAsync(FakeCluster.Patience);
        cluster.Node.Requests.Of("Q").Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_server_that_does_not_read_makes_callers_wait_and_none_fail()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        await session.QueryAsync("Q", new Person(0, ""));
        Talking(cluster).PauseReading();
        var text = new string('x', 1_000);
        var answers = Enumerable.Range(0, 20_000).Select(id => session.QueryAsync("Q", new Person(id, text)).AsTask()).ToArray();
        Talking(cluster).ResumeReading();
        await Task.WhenAll(answers).WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task A_caller_that_blocks_does_not_hold_up_the_others()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        using var blocked = new ManualResetEventSlim();
        var blocking = BlockAsync(session, blocked);
        for (var i = 0; i < 20; i++)
        {
            await session.QueryAsync("Q", new Person(i, "")).AsTask().WaitAsync(FakeCluster.Patience);
        }

        blocked.Set();
        await blocking.WaitAsync(FakeCluster.Patience);
    }

    [Fact]
    public async Task Closing_a_session_ends_what_is_under_way()
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(IsValues, _ => FakeReply.Void with { Gate = gate });
        var session = await cluster.ConnectAsync(options => options with { MaxRequestsInFlight = 3 });
        var answers = Enumerable.Range(0, 10).Select(id => session.QueryAsync("Q", new Person(id, "")).AsTask()).ToArray();
        await gate.HoldsAsync(3).WaitAsync(FakeCluster.Patience);
        await session.DisposeAsync().AsTask().WaitAsync(FakeCluster.Patience);
        foreach (var answer in answers)
        {
            (await Should.ThrowAsync<CqlException>(() => answer.WaitAsync(FakeCluster.Patience))).Message.ShouldContain("closed");
        }
    }

    [Fact]
    public async Task A_task_that_is_awaited_twice_says_so()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var statement = await session.PrepareAsync(FakeCluster.Insert);
        var task = session.ExecuteAsync(statement, new Person(1, "a"));
        await task;
        await Should.ThrowAsync<InvalidOperationException>(async () => await task);
        await session.ExecuteAsync(statement, new Person(2, "b"));
    }

    [Fact]
    public async Task Many_orphans_have_the_connection_replaced_and_nothing_is_lost()
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(
            request => IsValues(request) && request.Values[1].AsText() == "slow", _ => FakeReply.Void with { Gate = gate });
        await using var session = await cluster.ConnectAsync();
        var before = Talking(cluster);
        var impatient = new CqlRequestOptions { Timeout = TimeSpan.FromMilliseconds(50) };
        var lost = Enumerable.Range(0, 300).Select(id => session.QueryAsync("Q", new Person(id, "slow"), impatient).AsTask()).ToArray();
        var kept = session.QueryAsync("Q", new Person(1, "slow")).AsTask();
        foreach (var task in lost)
        {
            await Should.ThrowAsync<CqlTimeoutException>(() => task.WaitAsync(FakeCluster.Patience));
        }

        await cluster.Node.Requests.ReceivesAsync(MessageKind.Startup, 3).WaitAsync(FakeCluster.Patience);
        gate.ReleaseAll();
        await kept.WaitAsync(FakeCluster.Patience);
        await session.QueryAsync(FakeCluster.Select).AsTask().WaitAsync(FakeCluster.Patience);
        cluster.Node.Requests.Of(FakeCluster.Select)[^1].Connection.ShouldNotBe(before.Number);
    }

    private static bool IsValues(FakeRequest request) => request.Kind == MessageKind.Query && request.Values.Count == 2;

    // The control connection registers for events, this one does not.
    private static FakeConnection Talking(FakeCluster cluster) => cluster.Node.Connections.Last(c => c.RegisteredFor.Count == 0);

    private static async Task<int> IdOfAsync(CqlSession session, int id)
    {
        using var result = await session.QueryAsync("Q", new Person(id, ""));
        using var rows = result.GetEnumerator();
        rows.MoveNext().ShouldBeTrue();
        return rows.Current[0].GetInt32();
    }

    private static async Task BlockAsync(CqlSession session, ManualResetEventSlim blocked)
    {
        await session.QueryAsync("Q", new Person(-1, "")).ConfigureAwait(false);
        blocked.Wait();
    }
}
