using System.Globalization;

namespace Bitacora.Benchmarks.Runs;

/// <summary>What the whole-system runs share.</summary>
internal sealed record RunOptions(long Records, string Work, DateTimeOffset Day, string[] Servers)
{
    private const string DefaultServer = "src/Bitacora.Cli/bin/Release/net10.0/publish/bitacora";

    /// <summary>The executable, where a run has one server.</summary>
    public string Server => Servers[^1];

    public string CorpusFile => Path.Combine(Work, "corpus.ndjson");

    public string PlainFile => Path.Combine(Work, "plain.duckdb");

    public string DataDirectory => Path.Combine(Work, "data");

    /// <summary>Refuses a corpus of another length: rates and costs a record would be those of another number of records.</summary>
    public void RequireCorpus()
    {
        if (!File.Exists(CorpusFile))
        {
            throw new InvalidOperationException($"{CorpusFile} is missing; 'generate' writes it.");
        }

        using var input = new FileStream(CorpusFile, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var buffer = new byte[1 << 20];
        var lines = 0L;
        for (var length = input.Read(buffer); length > 0; length = input.Read(buffer))
        {
            lines += buffer.AsSpan(0, length).Count((byte)'\n');
        }

        if (lines != Records)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{CorpusFile} has {lines} records; say --records {lines}, or 'generate --records {Records}' first."));
        }
    }

    /// <summary>Yesterday, so that no record is late or ahead; <c>--day</c> repeats an older run.</summary>
    public static RunOptions Parse(string[] arguments)
    {
        var yesterday = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(-1), TimeSpan.Zero);
        var options = new RunOptions(5_000_000, Path.GetFullPath("artifacts/bench"), yesterday, []);
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--records" => options with { Records = long.Parse(value, CultureInfo.InvariantCulture) },
                "--work" => options with { Work = Path.GetFullPath(value) },
                "--server" => options with { Servers = [.. options.Servers, value] },
                "--day" => options with { Day = DateTimeOffset.Parse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) },
                _ => throw new ArgumentException($"unknown option {arguments[i]}"),
            };
        }

        Directory.CreateDirectory(options.Work);
        return options.Servers.Length > 0 ? options : options with { Servers = [DefaultServer] };
    }
}
