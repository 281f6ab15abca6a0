namespace Bitacora.Cli.Crashing;

/// <summary>What a run of the crash bench does.</summary>
internal sealed record CrashPlan
{
    /// <summary>Where everything is written: the data and the server's messages.</summary>
    public required string Directory { get; init; }

    /// <summary>Where all random choices come from.</summary>
    public required int Seed { get; init; }

    public required int Connections { get; init; }

    public required int Kills { get; init; }

    /// <summary>No kill begins later.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>The shortest time under load before a kill.</summary>
    public TimeSpan Shortest { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The most records sent between two kills, so that comparing them stays quick.</summary>
    public int RecordsPerKill { get; init; } = 250_000;

    public string Data => Path.Combine(Directory, "data");

    public string ServerLog => Path.Combine(Directory, "server.log");
}
