namespace Bitacora.Cli.Measuring;

/// <summary>What a sustained load came to.</summary>
/// <param name="Records">Records that were acknowledged.</param>
/// <param name="Sending">From the first to the last acknowledgement.</param>
/// <param name="Acknowledgements">How long each batch waited for its own.</param>
internal sealed record SustainedResult(long Records, TimeSpan Sending, Timings Acknowledgements)
{
    /// <summary>From the begin until the store had everything, or patience ended.</summary>
    public required TimeSpan Storing { get; init; }

    /// <summary>Records that the store did not have by then.</summary>
    public required long NotStored { get; init; }

    public double RecordsASecond => Records / Sending.TotalSeconds;

    public double StoredASecond => Math.Max(0, Records - NotStored) / Storing.TotalSeconds;
}
