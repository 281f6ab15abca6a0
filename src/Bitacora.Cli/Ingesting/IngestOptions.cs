using Bitacora.Ingestion;
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

    /// <summary>The format of every input; null finds it out from the first lines.</summary>
    public LogFormat? Format { get; init; }

    /// <summary>The zone of times that name none.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Whether somebody named that zone.</summary>
    public bool IsZoneGiven { get; init; }

    /// <summary>The year of dates without one; null infers it from a file's time.</summary>
    public int? Year { get; init; }

    /// <summary>PostgreSQL's <c>log_line_prefix</c>; null tries the usual ones.</summary>
    public string? LogLinePrefix { get; init; }

    /// <summary>The longest that a line from a live input waits for others before it is sent.</summary>
    public TimeSpan LiveDelay { get; init; } = TimeSpan.FromMilliseconds(400);
}
