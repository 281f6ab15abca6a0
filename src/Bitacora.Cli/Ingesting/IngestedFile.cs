using Bitacora.Ingestion;

namespace Bitacora.Cli.Ingesting;

/// <summary>What was read of one input, counted.</summary>
internal sealed record IngestedFile(
    string Name, string Format, long Lines, long Records, long Joined, long Empty, long ParseErrors, long Bytes)
{
    /// <summary>Every line began a record, went on with one, or was empty; of a file that was not read to its end nobody can say.</summary>
    public bool IsAccountedFor => !IsFinished || Lines == Records + Joined + Empty;

    /// <summary>Records of a damaged file that were read in front of the damage and wait for the batch that they belong to.</summary>
    public long NotStored => IsFinished ? 0 : Lines - Records - Joined - Empty;

    /// <summary>Whether it was read to its end.</summary>
    public bool IsFinished { get; init; }

    public static IngestedFile Of(string name, FileIngest ingest, LineReader reader) => new(
        name,
        ingest.Format!.Id,
        reader.Lines,
        ingest.Delivered + reader.Rejected,
        reader.Joined,
        reader.Empty,
        reader.Undecoded,
        (long)reader.Position - ingest.Begin)
    {
        IsFinished = ingest.IsFinished,
    };
}
