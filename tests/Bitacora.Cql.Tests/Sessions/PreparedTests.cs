using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

public class PreparedTests
{
    private const string OtherInsert = "INSERT INTO ks.t (id, name) VALUES (?, ?) USING TTL 9";
    private const string ThirdInsert = "INSERT INTO ks.t (id, name) VALUES (?, ?) USING TTL 10";

    [Fact]
    public async Task A_text_is_prepared_once_and_on_every_node()
    {
        await using var cluster = FakeCluster.Start(3);
        await using var session = await cluster.ConnectAsync();
        await EveryNodeConnectedAsync(session, 3);
        var statements = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => session.PrepareAsync(FakeCluster.Insert).AsTask()));
        statements.Distinct().Count().ShouldBe(1);
        cluster.Nodes.ShouldAllBe(node => node.Requests.Of(MessageKind.Prepare).Count == 1);
        statements[0].Markers.Select(marker => marker.Type.Name).ShouldBe(["int", "text"]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Execute_sends_the_id_of_the_columns_in_version_5_and_a_batch_does_not(int version)
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options => options with { MaxProtocolVersion = version });
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        await session.ExecuteAsync(insert, new Person(1, "a"), new CqlRequestOptions { Consistency = Consistency.One, Timestamp = 42 });
        var execute = cluster.Node.Requests.Of(MessageKind.Execute).Single();
        (execute.ResultMetadataId is not null).ShouldBe(version == 5);
        execute.Values.ShouldBe([FakeValue.Int(1), FakeValue.Text("a")]);
        (execute.Consistency, execute.Timestamp, execute.SerialConsistency).ShouldBe(((ushort?)1, 42, null));

        using var batch = new UnloggedBatch { Timestamp = 43 };
        batch.Add(insert, new Person(2, "b"));
        batch.Add(insert, new Person(3, "c"));
        await session.ExecuteAsync(batch);
        var sent = cluster.Node.Requests.Of(MessageKind.Batch).Single();
        (sent.BatchType, sent.Timestamp, sent.Consistency).ShouldBe((FakeBatchType.Unlogged, 43, (ushort?)6));
        sent.Children.Select(child => child.Cql).ShouldBe([FakeCluster.Insert, FakeCluster.Insert]);
        sent.Children[1].Values.ShouldBe([FakeValue.Int(3), FakeValue.Text("c")]);
    }

    [Fact]
    public async Task A_statement_that_a_server_forgot_is_prepared_again_and_the_request_repeated()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.ForgetPrepared();
        await session.ExecuteAsync(insert, new Person(1, "a"));
        cluster.Node.Requests.Of(MessageKind.Prepare).Count.ShouldBe(2);
        cluster.Node.Requests.Of(MessageKind.Execute).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_batch_of_three_forgotten_statements_is_sent_when_all_are_prepared()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        using var batch = new UnloggedBatch();
        foreach (var cql in new[] { FakeCluster.Insert, OtherInsert, ThirdInsert })
        {
            var statement = await session.PrepareAsync(cql);
            batch.Add(statement, new PersonWithLife(1, "a", cql != FakeCluster.Insert && statement.Markers.Count == 3));
        }

        cluster.Node.ForgetPrepared();
        await session.ExecuteAsync(batch);
        cluster.Node.Requests.Of(MessageKind.Batch).Count.ShouldBe(4);
        cluster.Node.Requests.Of(MessageKind.Prepare).Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_hundred_callers_that_find_a_statement_forgotten_have_it_prepared_once()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.ForgetPrepared();
        var preparing = new ReplyGate();
        var refusing = new ReplyGate();
        cluster.Node.On(
            request => request.Kind == MessageKind.Execute, request => FakeErrors.Unprepared(request.PreparedId!) with { Gate = refusing },
            times: 100);
        var declared = new FakePrepared(FakeCluster.Insert)
        {
            Markers = [new("id", FakeType.Int), new("name", FakeType.Text)],
            PartitionKey = [0],
        };
        cluster.Node.On(MessageKind.Prepare, FakeReply.Prepared(declared) with { Gate = preparing }, times: 1);
        var callers = Enumerable.Range(0, 100).Select(id => session.ExecuteAsync(insert, new Person(id, "a")).AsTask()).ToArray();
        await refusing.HoldsAsync(100).WaitAsync(FakeCluster.Patience);
        refusing.ReleaseAll();
        await preparing.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        cluster.Node.On(MessageKind.Execute, FakeReply.Void);
        preparing.ReleaseAll();
        await Task.WhenAll(callers).WaitAsync(FakeCluster.Patience);
        // One for the session, one for all callers; a straggler whose refusal is read after the answer makes one more.
        cluster.Node.Requests.Of(MessageKind.Prepare).Count.ShouldBeInRange(2, 4);
    }

    [Fact]
    public async Task A_server_that_never_knows_the_statement_does_not_make_an_endless_loop()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.On(request => request.Kind == MessageKind.Execute, request => FakeErrors.Unprepared(request.PreparedId!));
        var fault = await Should.ThrowAsync<CqlServerException>(() => session.ExecuteAsync(insert, new Person(1, "a")).AsTask());
        fault.Code.ShouldBe(CqlErrorCode.Unprepared);
        cluster.Node.Requests.Of(MessageKind.Execute).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_new_id_is_used_from_then_on_in_batches_too()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        using var batch = new UnloggedBatch();
        batch.Add(insert, new Person(1, "a"));
        var newId = new byte[16];
        cluster.Node.ForgetPrepared();
        cluster.Node.Declare(new FakePrepared(FakeCluster.Insert)
        {
            Id = newId,
            Markers = [new("id", FakeType.Int), new("name", FakeType.Text)],
            PartitionKey = [0],
        });
        await session.ExecuteAsync(batch);
        cluster.Node.Requests.Of(MessageKind.Batch)[^1].Children[0].PreparedId.ShouldBe(newId);
        await session.ExecuteAsync(insert, new Person(2, "b"));
        cluster.Node.Requests.Of(MessageKind.Execute).Single().PreparedId.ShouldBe(newId);
    }

    [Fact]
    public async Task A_statement_that_cannot_be_prepared_any_more_is_an_error_for_its_caller()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        cluster.Node.ForgetPrepared();
        cluster.Node.On(MessageKind.Prepare, FakeErrors.Invalid("unconfigured table t"));
        var fault = await Should.ThrowAsync<CqlServerException>(() => session.ExecuteAsync(insert, new Person(1, "a")).AsTask());
        fault.Message.ShouldContain("unconfigured table");
    }

    [Fact]
    public async Task Columns_are_asked_for_once_and_again_when_the_table_was_altered()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Tables["ks.t"] = FakeCluster.Table([[FakeValue.Int(1), FakeValue.Text("a")]]);
        await using var session = await cluster.ConnectAsync();
        var select = await session.PrepareAsync(FakeCluster.Select);
        using (var result = await session.ExecuteAsync(select))
        {
            result.Columns.Select(column => column.Name).ShouldBe(["id", "name"]);
        }

        var execute = cluster.Node.Requests.Of(MessageKind.Execute).Single();
        execute.SkipMetadata.ShouldBeTrue();
        FakeColumn[] altered = [new("id", FakeType.Int), new("name", FakeType.Text), new("more", FakeType.Int)];
        var row = new FakeRows(altered, [[FakeValue.Int(1), FakeValue.Text("a"), FakeValue.Int(7)]]);
        cluster.Node.On(MessageKind.Execute, FakeReply.Rows(row with { NewMetadataId = [9, 9] }), times: 1);
        using (var result = await session.ExecuteAsync(select))
        {
            result.Columns.Count.ShouldBe(3);
        }

        cluster.Node.On(MessageKind.Execute, FakeReply.Rows(row), times: 1);
        using (var result = await session.ExecuteAsync(select))
        {
            result.Columns[2].Name.ShouldBe("more");
        }

        cluster.Node.Requests.Of(MessageKind.Execute)[^1].ResultMetadataId.ShouldBe([9, 9]);
    }

    [Fact]
    public async Task Too_many_statements_are_refused_with_advice()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options => options with { MaxPreparedStatements = 1 });
        await session.PrepareAsync(FakeCluster.Insert);
        await session.PrepareAsync(FakeCluster.Insert);
        var fault = await Should.ThrowAsync<InvalidOperationException>(() => session.PrepareAsync(OtherInsert).AsTask());
        fault.Message.ShouldContain("markers");
    }

    [Fact]
    public async Task While_the_only_node_is_away_who_prepares_waits_for_it()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(ClusterTests.Impatient);
        cluster.Node.Die();
        var preparing = session.PrepareAsync(FakeCluster.Insert).AsTask();
        cluster.Node.Listen();
        (await preparing.WaitAsync(FakeCluster.Patience)).Markers.Count.ShouldBe(2);
    }

    [Fact]
    public async Task If_no_node_comes_back_in_time_who_prepares_is_told()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(
            options => ClusterTests.Impatient(options) with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        cluster.Node.Die();
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(
            () => session.PrepareAsync(FakeCluster.Insert).AsTask().WaitAsync(FakeCluster.Patience));
        fault.Message.ShouldContain("could be reached");
    }

    [Fact]
    public async Task A_text_that_was_wrong_may_be_tried_again()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync();
        cluster.Node.On(MessageKind.Prepare, FakeErrors.Syntax(), times: 1);
        (await Should.ThrowAsync<CqlServerException>(() => session.PrepareAsync(FakeCluster.Insert).AsTask())).Code
            .ShouldBe(CqlErrorCode.Syntax);
        await session.PrepareAsync(FakeCluster.Insert);
    }

    [Fact]
    public async Task A_batch_stays_as_it_is_while_it_is_executed_and_keeps_its_timestamp()
    {
        await using var cluster = FakeCluster.Start();
        var gate = new ReplyGate();
        cluster.Node.On(MessageKind.Batch, FakeReply.Void with { Gate = gate });
        await using var session = await cluster.ConnectAsync();
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        using var batch = new UnloggedBatch();
        batch.Add(insert, new Person(1, "a"));
        var first = session.ExecuteAsync(batch).AsTask();
        Should.Throw<InvalidOperationException>(() => batch.Clear());
        Should.Throw<InvalidOperationException>(() => batch.Add(insert, new Person(2, "b")));
        await Should.ThrowAsync<InvalidOperationException>(async () => await session.ExecuteAsync(batch));
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        gate.Release();
        await first.WaitAsync(FakeCluster.Patience);
        var again = session.ExecuteAsync(batch).AsTask();
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        gate.Release();
        await again.WaitAsync(FakeCluster.Patience);
        cluster.Node.Requests.Of(MessageKind.Batch).Select(request => request.Timestamp).Distinct().Count().ShouldBe(1);
        batch.Clear();
        batch.Timestamp.ShouldBeNull();
    }

    internal static async Task EveryNodeConnectedAsync(CqlSession session, int nodes)
    {
        using var patience = new CancellationTokenSource(FakeCluster.Patience);
        while (session.Nodes.Count(node => node.Connections > 0) < nodes)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private readonly record struct PersonWithLife(int Id, string Name, bool HasLife) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteInt32(Id);
            writer.WriteText(Name);
            if (HasLife)
            {
                writer.WriteInt32(1);
            }
        }
    }
}
