using Bitacora.Benchmarks.Serving;

namespace Bitacora.Benchmarks.Runs;

/// <summary>
/// What a server is sent before it is measured, so that it has compiled what it needs: rows of the day before, so that the measured day
/// holds the corpus and nothing else.
/// </summary>
internal sealed class WarmUp
{
    /// <summary>The rows of a usual warm-up.</summary>
    public const long UsualRecords = 500_000;

    private const int LinesPerBody = 1_000;
    private const int Connections = 4;

    private WarmUp(RunOptions rows) => Rows = rows;

    /// <summary>Where the rows lie, as a run of their own.</summary>
    public RunOptions Rows { get; }

    /// <summary>Writes the rows, once for all servers of a run.</summary>
    public static WarmUp Write(RunOptions options, long records)
    {
        var before = options with { Records = records, Day = options.Day.AddDays(-1), Work = Path.Combine(options.Work, "warm-up") };
        Directory.CreateDirectory(before.Work);
        GenerateRun.Write(before);
        return new WarmUp(before);
    }

    /// <summary>Starts a server on a fresh directory and warms it up.</summary>
    public async Task<ServerUnderTest> StartServerAsync(string executable, string data)
    {
        var server = await ServerUnderTest.StartFreshAsync(executable, data);
        await RunAsync(server);
        return server;
    }

    public async Task RunAsync(ServerUnderTest server)
    {
        using var sender = new LoadSender(server.Address);
        using var bodies = BodySource.Open(Rows.CorpusFile, LinesPerBody);
        await sender.SaturateAsync(bodies, Connections);
        await server.SettleAsync();
    }
}
