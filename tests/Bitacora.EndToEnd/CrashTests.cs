using System.Diagnostics;
using System.Globalization;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>The promise of an acknowledgement against SIGKILL, on the real executable.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int MostSegmentsInMemory = 4;

    /// <summary>Small segments make every moment one between sealing a segment and dropping the log behind it.</summary>
    private static readonly CrashLoad _smallSegments = new(SegmentRecords: 1000, Lines: 25, Acknowledged: 2000, Within: 200);

    /// <summary>Segments of more than one of DuckDB's row groups, whose rows are in the file before their commit is.</summary>
    private static readonly CrashLoad _largeSegments = new(SegmentRecords: 17_000, Lines: 1000, Acknowledged: 20_000, Within: 500);

    [Fact]
    public Task Twenty_kills_at_random_points_lose_nothing_that_was_acknowledged() =>
        KillAsync(_smallSegments, 20, TimeSpan.Zero, TestSeed.Of("kills"));

    [Fact]
    public Task Ten_kills_while_large_segments_are_sealed_lose_nothing_that_was_acknowledged() =>
        KillAsync(_largeSegments, 10, TimeSpan.Zero, TestSeed.Of("large kills"));

    /// <summary>With the environment variable BITACORA_TEST_MINUTES: at least 200 kills, and for so long.</summary>
    [Fact(Explicit = true)]
    public Task Two_hundred_kills_at_random_points_lose_nothing_that_was_acknowledged() =>
        KillAsync(_smallSegments, 200, Minutes(), TestSeed.Random());

    /// <summary>As long as the other.</summary>
    [Fact(Explicit = true)]
    public Task A_hundred_kills_while_large_segments_are_sealed_lose_nothing_that_was_acknowledged() =>
        KillAsync(_largeSegments, 100, Minutes(), TestSeed.Random());

    private static TimeSpan Minutes() => TimeSpan.FromMinutes(
        double.Parse(Environment.GetEnvironmentVariable("BITACORA_TEST_MINUTES") ?? "0", CultureInfo.InvariantCulture));

    private async Task KillAsync(CrashLoad sent, int least, TimeSpan duration, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        using var directory = new TemporaryDirectory();
        var load = new Load("kill");
        string[] settings = ["--set", $"storage:segment_records={sent.SegmentRecords}"];
        var kills = 0;
        for (; kills < least || clock.Elapsed < duration; kills++)
        {
            await using var server = await ServerProcess.StartAsync(directory["data"], settings);
            await load.RunUntilKilledAsync(server, random, sent.Lines, sent.Acknowledged, TimeSpan.FromMilliseconds(sent.Within));
        }

        await using var last = await ServerProcess.StartAsync(directory["data"], settings);
        await Stored.ShouldHoldAsync(last.Http, load);
        load.Acknowledged.Count.ShouldBeGreaterThan(kills * 25);
        var sealedRecords = await Stored.SealedAsync(last.Http);
        sealedRecords.ShouldBeGreaterThanOrEqualTo(
            load.Acknowledged.Count - (MostSegmentsInMemory * sent.SegmentRecords),
            "what is in files: otherwise nothing was killed in a seal");
        output.WriteLine(
            $"{kills} kills, {load.Sent.Count} sent, {load.Acknowledged.Count} acknowledged, {sealedRecords} in files, 0 lost, 0 twice");
    }

    /// <summary>How a server is loaded until it is killed.</summary>
    /// <param name="SegmentRecords">Records of a segment.</param>
    /// <param name="Lines">Lines of a body.</param>
    /// <param name="Acknowledged">The most that are acknowledged before the kill is near.</param>
    /// <param name="Within">Milliseconds within which it comes then.</param>
    private sealed record CrashLoad(int SegmentRecords, int Lines, int Acknowledged, int Within);
}
