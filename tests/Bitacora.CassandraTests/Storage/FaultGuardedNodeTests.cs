using Bitacora.CassandraTests.Nodes;
using Bitacora.CassandraTests.Schema;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra.Schema;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>Explicit: an ordinary user of a node that refuses what is too large, too long or too far from its clock.</summary>
public sealed class FaultGuardedNodeTests(GuardedNode node) : IClassFixture<GuardedNode>
{
    [Fact(Explicit = true)]
    public async Task A_record_that_no_node_takes_becomes_a_dead_letter_and_the_others_of_its_batch_are_stored()
    {
        await using var keyspace = await CreateAsync();
        await using var server = await FaultServer.StartAsync(keyspace);
        var now = RecordTime.Now(TimeProvider.System);
        var records = Enumerable.Range(0, 10).Select(i => new TestRecord(now + i, i == 4 ? new string('x', 700_000) : $"message {i}"));
        await server.AcceptAsync(new TestBatches(TimeProvider.System).Of(records), CancellationToken.None);
        await server.SettleAsync();
        await FaultLoad.UntilAsync(() => server.Pipeline.Counters.Live.Pending == 0, () => $"{server.Pipeline.Counters.Live}");

        server.Pipeline.Counters.Live.Stored.ShouldBe(9);
        server.Pipeline.Counters.Live.Dead.ShouldBe(1);
        var letter = server.Letters.Read().ShouldHaveSingleItem();
        letter.Reason.ShouldContain("size", Case.Insensitive);
        letter.Batch.Count.ShouldBe(1);
        letter.Batch[0].Time.ShouldBe(now + 4);
        (await Invariants.CheckAsync(keyspace)).ShouldBe(9);
    }

    [Fact(Explicit = true)]
    public async Task An_indexed_term_that_is_too_long_for_ordinary_users_is_cut_and_its_batch_is_stored()
    {
        await using var keyspace = await CreateAsync();
        Assert.SkipWhen(keyspace.Session.Nodes[0].ReleaseVersion.StartsWith('4'), "this version has no such indexes");
        foreach (var index in LogIndexes.All)
        {
            await keyspace.Session.QueryAsync(index.Create(keyspace.Name));
        }

        await using var server = await FaultServer.StartAsync(keyspace);
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Format, TimeProvider.System);
        var origin = builder.AddOrigin(Origin.Random());
        for (var i = 0; i < 10; i++)
        {
            new TestRecord(RecordTime.Now(TimeProvider.System), $"message {i}")
            {
                Texts = new Dictionary<NamedField, string> { [NamedField.RequestId] = i == 4 ? new string('ñ', 4_608) : $"r{i}" },
            }.WriteTo(builder, origin, (ulong)i);
        }

        await server.AcceptAsync(builder.Freeze(), CancellationToken.None);
        await server.SettleAsync();
        server.Letters.Count.ShouldBe(0);
        (await Invariants.CheckAsync(keyspace)).ShouldBe(10);
        var cut = new string('ñ', 512);
        var query = QueryParser.Parse($"request_id={cut}", new QueryContext { Now = DateTimeOffset.UtcNow.AddMinutes(1) });
        var answer = await WholeAnswer.OfAsync(server.Store, query);
        answer.Records.ShouldHaveSingleItem().Message.ShouldBe("message 4");
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task With_the_clock_a_day_off_records_are_readable_and_write_timestamps_are_the_clusters(int days)
    {
        await using var keyspace = await CreateAsync(mayReadSettings: true);
        var clock = new ShiftedClock(TimeSpan.FromDays(days));
        var begin = DateTimeOffset.UtcNow;
        await using var server = await FaultServer.StartAsync(keyspace, time: clock);
        await using var load = new FaultLoad(server.AcceptAsync) { Clock = clock }.Start();
        await load.AcknowledgedAsync(500);
        await load.StopAsync();
        await server.SettleAsync();
        server.Letters.Count.ShouldBe(0);
        await load.CheckAsync(keyspace);
        await Invariants.CheckAsync(keyspace);
        var query = QueryParser.Parse("* | count", new QueryContext { Now = clock.GetUtcNow().AddMinutes(1) });
        var answer = await WholeAnswer.OfAsync(server.Store, query);
        ((long)answer.Groups.ShouldHaveSingleItem().Values[0]!).ShouldBe((await Invariants.IdsAsync(keyspace)).Count);
        foreach (var written in await WriteTimesAsync(keyspace))
        {
            written.ShouldBeInRange(begin.AddSeconds(-2), DateTimeOffset.UtcNow.AddSeconds(2));
        }
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_live_tail_sees_what_another_server_writes_whose_clock_is_a_day_off_as_well(int days)
    {
        await using var keyspace = await CreateAsync(mayReadSettings: true);
        var clock = new ShiftedClock(TimeSpan.FromDays(days));
        await using var one = await FaultServer.StartAsync(keyspace, time: clock);
        await using var two = await FaultServer.StartAsync(keyspace, time: clock);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var everything = QueryParser.Parse("", new QueryContext { Now = clock.GetUtcNow() });
        await using var tail = one.Store.TailAsync(everything, TailOptions.Default, patience.Token).GetAsyncEnumerator(patience.Token);
        var first = tail.MoveNextAsync();
        await using var load = new FaultLoad(two.AcceptAsync) { Clock = clock }.Start();
        (await first).ShouldBeTrue();
        tail.Current.ShouldBeOfType<AnswerRecord>();
    }

    [Fact(Explicit = true)]
    public async Task A_user_who_may_not_read_the_nodes_settings_can_write_and_is_told_once()
    {
        await using var keyspace = await CreateAsync();
        await using var server = await FaultServer.StartAsync(
            keyspace, change: options => options with { LearnEvery = TimeSpan.FromMilliseconds(100) });
        await using var load = new FaultLoad(server.AcceptAsync).Start();
        await load.AcknowledgedAsync(500);
        await load.StopAsync();
        await server.SettleAsync();
        await load.CheckAsync(keyspace);
        server.Says.Lines.Count(line => line.Contains("GRANT SELECT ON KEYSPACE system_views", StringComparison.Ordinal)).ShouldBe(1);
        (await server.Store.StatusAsync(CancellationToken.None)).Problems.ShouldBeEmpty();
    }

    private async Task<LogKeyspace> CreateAsync(bool mayReadSettings = false)
    {
        var keyspace = await LogKeyspace.CreateAsync(
            await node.ContactPointsAsync(), operators: GuardedNode.Operators, user: GuardedNode.User);
        var (change, to) = mayReadSettings ? ("GRANT", "TO") : ("REVOKE", "FROM");
        await keyspace.Session.QueryAsync($"{change} SELECT ON KEYSPACE system_views {to} {GuardedNode.User.User}");
        return keyspace;
    }

    private static async Task<List<DateTimeOffset>> WriteTimesAsync(LogKeyspace keyspace)
    {
        var times = new List<DateTimeOffset>();
        foreach (var select in new[]
        {
            $"SELECT writetime(message) FROM {keyspace.Name}.application_logs", $"SELECT writetime(n) FROM {keyspace.Name}.log_batches",
        })
        {
            using var rows = await keyspace.Session.QueryAsync(select);
            foreach (var row in rows)
            {
                times.Add(DateTimeOffset.UnixEpoch.AddMicroseconds(row[0].GetInt64()));
            }
        }

        times.ShouldNotBeEmpty();
        return times;
    }
}
