using Bitacora.Testing.Cassandra;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cql.Tests.Sessions;

/// <summary>What may end a request, in every order: one of them does, and the session goes on.</summary>
public class OutcomeTests
{
    private static readonly string[] Endings = ["answer", "deadline", "cancel", "cut"];

    public static TheoryData<string> Orders => [.. Permutations(Endings).Select(order => string.Join(' ', order))];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task The_first_of_answer_deadline_cancellation_and_loss_decides(string order)
    {
        await using var cluster = FakeCluster.Start();
        var clock = new FakeTimeProvider();
        await using var session = await cluster.ConnectAsync(options => options with { TimeProvider = clock, MaxRequestsInFlight = 1 });
        using var request = new GatedRequest(cluster, session, clock);
        await request.HeldAsync();
        foreach (var (index, ending) in order.Split(' ').Index())
        {
            await request.EndAsync(ending);
            if (index == 0)
            {
                await Task.WhenAny(request.Task).WaitAsync(FakeCluster.Patience);
                Outcome(request.Task).ShouldBe(ending);
            }
        }

        // The connection's only stream is free again, or there is another connection.
        await AdvanceUntilAsync(clock, session.QueryAsync("after", new CqlRequestOptions { IsIdempotent = true }).AsTask());
    }

    public static TheoryData<string, string> Pairs =>
        [.. Endings.SelectMany(one => Endings.Where(other => string.CompareOrdinal(one, other) < 0).Select(other => (one, other)))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Of_two_endings_at_the_same_moment_one_decides(string one, string other)
    {
        await using var cluster = FakeCluster.Start();
        var clock = new FakeTimeProvider();
        await using var session = await cluster.ConnectAsync(options => options with
        {
            TimeProvider = clock,
            MaxRequestsInFlight = 2,
            MaxReconnectDelay = options.ReconnectDelay,
        });
        for (var round = 0; round < 10; round++)
        {
            using var gate = new GatedRequest(cluster, session, clock);
            await gate.HeldAsync();
            using var both = new Barrier(2);
            await Task.WhenAll(new[] { one, other }.Select(ending => Task.Run(() =>
            {
                both.SignalAndWait(FakeCluster.Patience).ShouldBeTrue();
                return gate.EndAsync(ending);
            })));
            await Task.WhenAny(gate.Task).WaitAsync(FakeCluster.Patience);
            new[] { one, other }.ShouldContain(Outcome(gate.Task));
            await gate.EndAsync("answer");
            await AdvanceUntilAsync(clock, session.QueryAsync("after", new CqlRequestOptions { IsIdempotent = true }).AsTask());
        }
    }

    [Fact]
    public async Task Values_that_throw_while_they_are_written_leave_nothing_on_the_wire_and_their_place_to_others()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options => options with { MaxRequestsInFlight = 1 });
        var insert = await session.PrepareAsync(FakeCluster.Insert);
        for (var i = 0; i < 5; i++)
        {
            Should.Throw<InvalidTimeZoneException>(() => session.ExecuteAsync(insert, new Throwing()).AsTask());
            Should.Throw<InvalidTimeZoneException>(() => session.QueryAsync(FakeCluster.Insert, new Throwing()).AsTask());
        }

        await session.ExecuteAsync(insert, new Person(1, "a")).AsTask().WaitAsync(FakeCluster.Patience);
        cluster.Node.Requests.Of(MessageKind.Execute).ShouldHaveSingleItem().Values[0].AsInt().ShouldBe(1);
        cluster.Node.Requests.Of(FakeCluster.Insert).ShouldNotContain(request => request.Kind == MessageKind.Query);
    }

    [Fact]
    public async Task A_server_that_does_not_read_leaves_memory_bounded_and_callers_waiting()
    {
        await using var cluster = FakeCluster.Start();
        await using var session = await cluster.ConnectAsync(options => options with { RequestTimeout = FakeCluster.Patience });
        var text = new string('x', 100_000);
        cluster.Node.Connections[^1].PauseReading();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var waiting = Enumerable.Range(0, 500).Select(id => session.QueryAsync("Q", new Person(id, text)).AsTask()).ToArray();

        // Each request keeps its own values until it is sent; the connection adds no more than what may be under way.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(500 * 2 * 131_072 + 8 * 1024 * 1024);
        waiting.Count(task => task.IsCompleted).ShouldBe(0);
        cluster.Node.Connections[^1].ResumeReading();
        await Task.WhenAll(waiting).WaitAsync(FakeCluster.Patience);
    }

    private static string Outcome(Task request) => request switch
    {
        { IsCompletedSuccessfully: true } => "answer",
        { IsCanceled: true } => "cancel",
        { Exception.InnerException: CqlTimeoutException { WasSent: true } } => "deadline",
        { Exception.InnerException: CqlConnectionException } => "cut",
        _ => $"{request.Exception}",
    };

    private static async Task AdvanceUntilAsync(FakeTimeProvider clock, Task task)
    {
        // Sockets take real time: the clock must not run away from them.
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        using var patience = new CancellationTokenSource(FakeCluster.Patience);
        while (!task.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            await tick.WaitForNextTickAsync();
            clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        await task;
    }

    private static IEnumerable<string[]> Permutations(string[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(item => Permutations([.. items.Where(other => other != item)]).Select(rest => (string[])[item, .. rest]));

    /// <summary>A request whose answer the node holds back, and four ways to end it.</summary>
    private sealed class GatedRequest : IDisposable
    {
        private readonly FakeCluster _cluster;
        private readonly FakeTimeProvider _clock;
        private readonly ReplyGate _gate = new();
        private readonly CancellationTokenSource _cancellation = new();
        private FakeConnection? _connection;

        public GatedRequest(FakeCluster cluster, CqlSession session, FakeTimeProvider clock)
        {
            (_cluster, _clock) = (cluster, clock);
            cluster.Node.On("Q", FakeReply.Void with { Gate = _gate }, times: 1);
            Task = session.QueryAsync("Q", null, _cancellation.Token).AsTask();
        }

        public Task Task { get; }

        public async Task HeldAsync()
        {
            await _gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
            _connection = _cluster.Node.Connections.Single(candidate => candidate.Number == _gate.Requests[0].Connection);
        }

        public Task EndAsync(string ending)
        {
            switch (ending)
            {
                case "answer":
                    _gate.ReleaseAll();
                    break;
                case "deadline":
                    _clock.Advance(TimeSpan.FromSeconds(13));
                    break;
                case "cancel":
                    return _cancellation.CancelAsync();
                default:
                    _connection!.Reset();
                    break;
            }

            return System.Threading.Tasks.Task.CompletedTask;
        }

        public void Dispose() => _cancellation.Dispose();
    }

    private readonly struct Throwing : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteInt32(7);
            throw new InvalidTimeZoneException("the caller's own fault");
        }
    }
}
