namespace Bitacora.Benchmarks.Corpus;

/// <summary>
/// The seeded corpus of the benchmarks: one day in time order, about 400 bytes a row as JSON. Equal numbers give equal rows on every
/// machine.
/// </summary>
/// <param name="count">The number of rows; 5,000,000 in the published figures.</param>
/// <param name="day">Midnight (UTC) of the day.</param>
internal sealed class CorpusGenerator(long count, DateTimeOffset day)
{
    /// <summary>A word that stands in 30 rows, evenly spread.</summary>
    public const string RareWord = "kaleidoscope";

    /// <summary>A phrase that stands in 1.2 % of the rows.</summary>
    public const string Phrase = "connection reset by peer";

    private const ulong Seed = 20261125;
    private const int RareRows = 30;
    private const int RowsPerRequest = 20;
    private const int ConcurrentRequests = 8;

    private readonly TemplateSet _templates = new(Seed);
    private readonly long _start = (day - DateTimeOffset.UnixEpoch).Ticks;
    private readonly CorpusRow _row = new();

    public long Count => count;

    /// <summary>The row at an index from 0; valid until the next call.</summary>
    public CorpusRow Row(long index)
    {
        var random = SplitMix.For(Seed, index);
        var template = _templates.Pick(ref random);
        _row.Clear();
        _row.Time = _start + (long)((UInt128)(ulong)index * (ulong)TimeSpan.TicksPerDay / (ulong)count);
        _row.Level.Append(template.Level);
        _row.Source.Append(template.Source);
        _row.Logger.Append(template.Logger);
        _row.Host.Append("node-"u8);
        _row.Host.Append(random.Next(20));
        _row.RequestId.AppendHex(SplitMix.For(Seed + 1, Request(index)).Next(), 16);
        template.Write(_row.Message, ref random);
        if (random.Next(2) == 0)
        {
            _row.DurationMs = Math.Round(random.NextDouble() * 2_000, 3);
        }

        AddMarks(index, ref random);
        return _row;
    }

    /// <summary>Requests run side by side, eight at a time, so that a request's rows are neighbours but not adjacent.</summary>
    private static long Request(long index) =>
        (index / (RowsPerRequest * ConcurrentRequests) * ConcurrentRequests) + (index % ConcurrentRequests);

    private void AddMarks(long index, ref SplitMix random)
    {
        if (random.Next(20) == 0)
        {
            _row.Message.Append(" sesión de Ángela Muñoz"u8);
        }

        if (random.Next(1_000) < 12)
        {
            _row.Message.Append(" connection reset by peer"u8);
        }

        var step = Math.Max(8, count / RareRows);
        if (index % step == 7 && index / step < RareRows)
        {
            _row.Message.Append(" kaleidoscope"u8);
        }

        if (random.Next(50) == 0)
        {
            _row.Level.Clear();
            _row.Level.Append("ERROR"u8);
            TracebackText.Write(_row.Traceback, ref random);
        }
    }
}
