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
        var gate = new ReplyGate();
        cluster.Node.On("Q", FakeReply.Void with { Gate = gate }, times: 1);
        var clock = new FakeTimeProvider();
        using var cancellation = new CancellationTokenSource();
        await using var session = await cluster.ConnectAsync(options => options with { TimeProvider = clock, MaxRequestsInFlight = 1 });
        var request = session.QueryAsync("Q", null, cancellation.Token).AsTask();
        await gate.HoldsAsync(1).WaitAsync(FakeCluster.Patience);
        var connection = cluster.Node.Connections.Single(candidate => candidate.Number == gate.Requests[0].Connection);

        foreach (var (index, ending) in order.Split(' ').Index())
        {
            await EndAsync(ending);
            if (index == 0)
            {
                await Task.WhenAny(request).WaitAsync(FakeCluster.Patience);
                Outcome(request).ShouldBe(ending);
            }
        }

        // The connection's only stream is free again, or there is another connection.
        await AdvanceUntilAsync(clock, session.QueryAsync("Q", new CqlRequestOptions { IsIdempotent = true }).AsTask());

        async Task EndAsync(string ending)
        {
            switch (ending)
            {
                case "answer":
                    gate.ReleaseAll();
                    break;
                case "deadline":
                    clock.Advance(TimeSpan.FromSeconds(13));
                    break;
                case "cancel":
                    await cancellation.CancelAsync();
                    break;
                default:
                    connection.Reset();
                    break;
            }
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

    private readonly struct Throwing : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            writer.WriteInt32(7);
            throw new InvalidTimeZoneException("the caller's own fault");
        }
    }
}
