using Bitacora.Records;

namespace Bitacora.Cli.Ingesting;

/// <summary>How inputs are read.</summary>
internal sealed record IngestOptions
{
    /// <summary>Store everything once more, under new identities.</summary>
    public bool Again { get; init; }

    /// <summary>The source of every record, whatever its line says; null takes the line's, else the file's stem.</summary>
    public string? Source { get; init; }

    /// <summary>The layer of every record; null leaves it to the format.</summary>
    public Layer? Layer { get; init; }

    /// <summary>How lines are read.</summary>
    public LineFormat Format { get; init; }

    /// <summary>The longest that a line from a live input waits for others before it is sent.</summary>
    public TimeSpan LiveDelay { get; init; } = TimeSpan.FromMilliseconds(400);
}
