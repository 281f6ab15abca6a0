namespace Bitacora.Benchmarks.Corpus;

/// <summary>One row, its texts in buffers that are used again for the next row.</summary>
internal sealed class CorpusRow
{
    /// <summary>Event time in units of 100 ns since 1970.</summary>
    public long Time { get; set; }

    /// <summary>NaN where the row has none.</summary>
    public double DurationMs { get; set; }

    public TextBuffer Level { get; } = new();

    public TextBuffer Source { get; } = new();

    public TextBuffer Logger { get; } = new();

    public TextBuffer Host { get; } = new();

    public TextBuffer RequestId { get; } = new();

    public TextBuffer Message { get; } = new();

    /// <summary>Empty where the row has none.</summary>
    public TextBuffer Traceback { get; } = new();

    public void Clear()
    {
        Time = 0;
        DurationMs = double.NaN;
        Level.Clear();
        Source.Clear();
        Logger.Clear();
        Host.Clear();
        RequestId.Clear();
        Message.Clear();
        Traceback.Clear();
    }
}
