using Bitacora.Records;
using Bitacora.Testing.Files;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Delivery.Tests;

/// <summary>A pipeline in front of a <see cref="TestDestination"/>, on files that fail as told, under a clock that stands still.</summary>
internal sealed class RunningPipeline : IAsyncDisposable
{
    private RunningPipeline(FaultyFiles files, FaultyFiles letters, TestDestination destination, FakeTimeProvider clock)
    {
        (Files, Destination, Clock) = (files, destination, clock);
        DeadLetters = new DeadLetters(letters, 1 << 20, clock);
    }

    public FaultyFiles Files { get; }

    public TestDestination Destination { get; }

    public FakeTimeProvider Clock { get; }

    public DeadLetters DeadLetters { get; }

    public RecordingLogger Logger { get; } = new();

    public BatchPipeline Pipeline { get; private set; } = null!;

    public string? FailedFast { get; private set; }

    public static async Task<RunningPipeline> StartAsync(
        FaultyFiles? files = null,
        TestDestination? destination = null,
        FakeTimeProvider? clock = null,
        PipelineOptions? options = null,
        FaultyFiles? letters = null,
        params OriginPositions[] stored)
    {
        var running = new RunningPipeline(
            files ?? new FaultyFiles(), letters ?? new FaultyFiles(), destination ?? new TestDestination(), clock ?? Start());
        var log = new WriteAheadLog(
            running.Files, new WalOptions { FileBytes = 4 << 10 }, running.Clock, (message, _) => running.FailedFast = message);
        running.Pipeline = await BatchPipeline.StartAsync(
            running.Destination,
            stored,
            log,
            running.DeadLetters,
            options ?? new PipelineOptions(),
            running.Clock,
            running.Logger,
            TestContext.Current.CancellationToken);
        return running;
    }

    public static FakeTimeProvider Start() => new(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));

    public Task<AcceptResult> AcceptAsync(RecordBatch batch) => Pipeline.AcceptAsync(batch, TestContext.Current.CancellationToken);

    public Task StopAsync() => Pipeline.StopAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();
}
