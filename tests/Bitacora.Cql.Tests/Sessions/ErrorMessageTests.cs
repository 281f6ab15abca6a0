using Bitacora.Testing.Cassandra;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>Every error says which node, what happened, and what to change.</summary>
public class ErrorMessageTests
{
    private static readonly CqlRequestOptions Impatient = new() { Timeout = TimeSpan.FromMilliseconds(100) };

    [Theory]
    [InlineData("Unavailable", "Quorum: 2 needed, 1 answered or alive", "lower consistency")]
    [InlineData("Overloaded", "Request breached limit(s)", "send less at once")]
    [InlineData("Unauthorized", "User has no SELECT permission", "grant the user")]
    [InlineData("Invalid", "Batch too large", "a batch of its own")]
    [InlineData("Syntax", "no viable alternative", "")]
    public async Task A_servers_error(string name, string cause, string advice)
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", name switch
        {
            "Unavailable" => FakeErrors.Unavailable(),
            "Overloaded" => FakeErrors.Overloaded(),
            "Unauthorized" => FakeErrors.Unauthorized(),
            "Invalid" => FakeErrors.Invalid("Batch too large"),
            _ => FakeErrors.Syntax(),
        });
        await using var session = await cluster.ConnectAsync();
        var fault = await Should.ThrowAsync<CqlException>(() => session.QueryAsync("Q").AsTask());
        fault = fault is CqlAllNodesFailedException all ? all.Causes[0] : fault;
        ShouldSay(fault, cluster, $"{name}: ", cause, advice);
    }

    [Fact]
    public async Task A_deadline_that_passes_after_sending_and_before()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeReply.Silence);
        await using var session = await cluster.ConnectAsync(options => options with { MaxRequestsInFlight = 1 });
        var sent = await Should.ThrowAsync<CqlTimeoutException>(() => session.QueryAsync("Q", Impatient).AsTask());
        ShouldSay(sent, cluster, "no answer came", "may have been executed", "CqlOptions.RequestTimeout");
        var unsent = await Should.ThrowAsync<CqlTimeoutException>(() => session.QueryAsync("Q", Impatient).AsTask());
        ShouldSay(unsent, cluster, "turn did not come", "nothing was sent", "CqlOptions.RequestTimeout");
    }

    [Fact]
    public async Task A_connection_that_is_lost()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeReply.Cut);
        await using var session = await cluster.ConnectAsync();
        var lost = await Should.ThrowAsync<CqlConnectionException>(() => session.QueryAsync("Q").AsTask());
        ShouldSay(lost, cluster, "the connection was lost", "may have been executed", "IsIdempotent");
    }

    [Fact]
    public async Task A_corrupt_frame()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeReply.Void with { Damage = ReplyDamage.PayloadChecksum });
        await using var session = await cluster.ConnectAsync();
        var corrupt = await Should.ThrowAsync<CqlProtocolException>(() => session.QueryAsync("Q").AsTask());
        ShouldSay(corrupt, cluster, "is corrupt", "may have been executed", "IsIdempotent");
    }

    [Fact]
    public async Task A_result_that_ends_in_the_middle_of_a_row()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeReply.Result((writer, _) =>
            writer.Int(2).Int(0).Int(1).String("ks").String("t").String("name").Short(0x0D).Int(1).Int("whole".Length + 1).Raw("whole"u8)));
        await using var session = await cluster.ConnectAsync();
        using var result = await session.QueryAsync("Q");
        ShouldSay(Should.Throw<CqlProtocolException>(() => Read(result)), cluster, "in the middle of a row");

        static void Read(CqlResult result)
        {
            foreach (var row in result)
            {
                row[0].GetText();
            }
        }
    }

    [Theory]
    [InlineData("int", "a value of type int has 3 bytes, not 4")]
    [InlineData("inet", "has 3 bytes, not 4 or 16")]
    [InlineData("time", "a time of -1 ns since midnight came")]
    [InlineData("count", "a count of 9 cannot be right, 0 bytes are left")]
    [InlineData("list", "7 bytes should follow at 8, 3 do")]
    [InlineData("element", "a value of type int has 3 bytes, not 4")]
    [InlineData("map", "7 bytes should follow at 8, 4 do")]
    [InlineData("key", "a value of type int has 3 bytes, not 4")]
    public async Task A_value_that_is_not_of_its_type(string what, string cause)
    {
        var bytes = new byte[] { 1, 2, 3 };
        var (type, value) = what switch
        {
            "int" => (FakeType.Int, FakeValue.Blob(bytes)),
            "inet" => (FakeType.Inet, FakeValue.Blob(bytes)),
            "time" => (FakeType.Time, FakeValue.BigInt(-1)),
            "count" => (FakeType.List(FakeType.Int), FakeValue.Int(9)),
            "list" => (FakeType.List(FakeType.Int), FakeValue.Blob([0, 0, 0, 1, 0, 0, 0, 7, .. bytes])),
            "element" => (FakeType.List(FakeType.Int), FakeValue.List(FakeValue.Blob(bytes))),
            "map" => (FakeType.Map(FakeType.Int, FakeType.Int), FakeValue.Blob([0, 0, 0, 1, 0, 0, 0, 7, .. bytes, 0])),
            _ => (FakeType.Map(FakeType.Int, FakeType.Int), FakeValue.Blob([0, 0, 0, 1, 0, 0, 0, 3, .. bytes, 0, 0, 0, 0])),
        };
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeReply.Rows(new FakeRows([new FakeColumn("a", type)], [[value]])));
        await using var session = await cluster.ConnectAsync();
        using var result = await session.QueryAsync("Q");
        ShouldSay(Should.Throw<CqlProtocolException>(() => ReadAll(result)), cluster, cause);
    }

    [Fact]
    public async Task A_time_that_dotnet_does_not_know()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On("Q", FakeReply.Rows(new FakeRows(
            [new FakeColumn("a", FakeType.Date), new FakeColumn("b", FakeType.Timestamp)],
            [[FakeValue.Int(-1), FakeValue.BigInt(long.MaxValue)]])));
        await using var session = await cluster.ConnectAsync();
        using var result = await session.QueryAsync("Q");
        var node = cluster.Node.EndPoint;
        Should.Throw<OverflowException>(() => Read(result, 0))
            .Message.ShouldBe($"{node}: the date is 2147483647 days from 1970, which DateOnly does not reach");
        Should.Throw<OverflowException>(() => Read(result, 1))
            .Message.ShouldBe($"{node}: the timestamp is {long.MaxValue} ms from 1970, which DateTimeOffset does not reach");

        static void Read(CqlResult result, int column)
        {
            foreach (var row in result)
            {
                _ = column == 0 ? row[0].GetDate().DayNumber : row[1].GetTimestamp().Ticks;
            }
        }
    }

    [Fact]
    public async Task Credentials_that_are_not_accepted()
    {
        await using var cluster = FakeCluster.Start(options: new FakeNodeOptions { Authenticator = new FakeAuthenticator("jo", "secret") });
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(
            () => cluster.ConnectAsync(options => options with { Credentials = new CqlCredentials("jo", "guess") }));
        ShouldSay(fault.Causes[0], cluster, "did not accept user 'jo'", "correct CqlOptions.Credentials");
    }

    [Fact]
    public async Task Nobody_there_and_no_such_name()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.Die();
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(() => cluster.ConnectAsync(
            options => options with { ContactPoints = [.. options.ContactPoints, "no-such-host.invalid"] }));
        ShouldSay(fault.Causes.Single(cause => cause.Node is not null), cluster, "cannot be reached", "see whether it runs");
        fault.Causes.Single(cause => cause.Node is null).Message.ShouldContain("correct CqlOptions.ContactPoints");
        fault.Causes.ShouldAllBe(cause => fault.Message.Contains(cause.Message));
    }

    [Fact]
    public async Task A_server_that_is_too_slow_to_connect_to()
    {
        await using var cluster = FakeCluster.Start();
        cluster.Node.On(MessageKind.Options, FakeReply.Silence);
        var fault = await Should.ThrowAsync<CqlAllNodesFailedException>(
            () => cluster.ConnectAsync(options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(100) }));
        ShouldSay(fault.Causes[0], cluster, "did not finish connecting", "CqlOptions.ConnectTimeout");
    }

    private static void ReadAll(CqlResult result)
    {
        foreach (var row in result)
        {
            switch (row[0].Type.Code)
            {
                case CqlTypeCode.Int:
                    row[0].GetInt32();
                    break;
                case CqlTypeCode.Inet:
                    row[0].GetInet();
                    break;
                case CqlTypeCode.Time:
                    row[0].GetTime();
                    break;
                case CqlTypeCode.List:
                    foreach (var element in row[0].GetList())
                    {
                        element.GetInt32();
                    }

                    break;
                default:
                    foreach (var (key, _) in row[0].GetMap())
                    {
                        key.GetInt32();
                    }

                    break;
            }
        }
    }

    /// <summary>Once, also where one error lies in another.</summary>
    private static void ShouldSay(CqlException fault, FakeCluster cluster, params string[] parts)
    {
        fault.Message.ShouldStartWith($"{cluster.Node.EndPoint}: ");
        fault.Message.Split($"{cluster.Node.EndPoint}").Length.ShouldBe(2);
        parts.ShouldAllBe(part => fault.Message.Contains(part));
    }
}
