using System.Globalization;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;
using Bitacora.Client;
using Bitacora.Ingestion;
using Bitacora.Records;
using ZstdSharp;

namespace Bitacora.Cli.Ingesting;

/// <summary>All inputs of one command, one after the other, and the summary at the end.</summary>
internal sealed class IngestRun(Screen screen, IReadOnlyList<string> paths, IngestOptions options, BitacoraClient client)
{
    private const int BadLinesTold = 5;

    private readonly IngestTotals _totals = new();
    private readonly List<IngestedFile> _files = [];

    // The first lines of files whose batches may be on their way.
    private readonly HashSet<Origin> _beginnings = [];
    private Inferred _inferred;
    private long _storedBefore;
    private int _failed;
    private bool _hasUnfinishedLine;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var clock = ServerClock.By(screen.Clock, await client.GetTimeAsync(cancellationToken));
        var progress = new IngestProgress(screen, _totals, paths.Sum(SizeOf));
        using var uploader = new BatchUploader(client, _totals);
        try
        {
            foreach (var path in paths)
            {
                await ReadAsync(path, uploader, clock, progress, cancellationToken);
            }

            await uploader.FinishAsync(isInterrupted: false);
        }
        catch (Exception e) when (e is OperationCanceledException or BitacoraClientException)
        {
            await uploader.FinishAsync(isInterrupted: true);
            progress.Clear();
            TellHowFar(e is OperationCanceledException ? "Interrupted" : "Stopped");
            if (e is BitacoraClientException)
            {
                throw;
            }

            return ExitCode.Interrupted;
        }

        progress.Clear();
        return Summarise(progress.Elapsed);
    }

    private async Task ReadAsync(
        string path, BatchUploader uploader, TimeProvider clock, IngestProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await InputFile.OpenAsync(path, screen, cancellationToken);
            var ingest = new FileIngest(file, options, client, clock);
            try
            {
                await ingest.RunAsync(
                    start => SettleAsync(start, uploader),
                    async (batch, cancelled) =>
                    {
                        progress.Tell(file);
                        await uploader.SendAsync(batch, ingest.Stored, cancelled);
                    },
                    cancellationToken);
            }
            finally
            {
                progress.Clear();
                progress.Pass(file.Size);
                Take(path, ingest);
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is InvalidDataException or EndOfStreamException)
        {
            // Standard input that is compressed ends in its middle then.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (Exception e) when (e is CommandException or InvalidDataException or ZstdException
            or (IOException and not OutputClosedException))
        {
            _failed++;
            progress.Clear();
            if (e is CommandException command)
            {
                screen.Complain(command.Message, command.Advice);
            }
            else
            {
                screen.Complain(
                    $"{path} is damaged or cannot be read to its end: {e.Message}",
                    "What stands before that place is stored, but for the last 256 KiB. "
                        + "Once the file is whole, the same command stores the rest.");
            }
        }
    }

    private void Take(string path, FileIngest ingest)
    {
        _storedBefore += ingest.StoredBefore;
        _hasUnfinishedLine |= ingest.HasUnfinishedLine;
        if (ingest.HasUnfinishedLine)
        {
            screen.Note($"{path}: the last line is not complete and has no line end; it is left for the next time");
        }

        if (ingest.IsBinary)
        {
            screen.Note($"{path} is not text and is left out");
        }

        if (ingest.Reader is not { } reader)
        {
            return;
        }

        _inferred |= ingest.Inferred;
        if (reader.Zeros > 0)
        {
            var zeros = Numbers.Count(reader.Zeros, "NUL");
            screen.Note($"{path}: {zeros} between lines left out; the file was truncated while it was written");
        }

        if (reader.NotUtf8 > 0)
        {
            screen.Note($"{path}: {Numbers.Count(reader.NotUtf8, "record")} with bytes that are not UTF-8, stored as U+FFFD");
        }

        _files.Add(IngestedFile.Of(path, ingest, reader));
        var behind = ingest.Begin == 0 ? "" : $" behind byte {Numbers.Count(ingest.Begin)}";
        foreach (var error in reader.Errors.Take(BadLinesTold))
        {
            screen.Note($"{path}: line {Numbers.Count(error.Line)}{behind} is stored as it is: {error.Reason}");
        }

        if (reader.Undecoded > BadLinesTold)
        {
            screen.Note($"{path}: and {Numbers.Count(reader.Undecoded - BadLinesTold, "line")} more");
        }
    }

    /// <summary>
    /// Of two files that begin alike the second is known from the first only by what the server has of it, so that must be there.
    /// </summary>
    private async Task SettleAsync(ReadOnlyMemory<byte> start, BatchUploader uploader)
    {
        var firstLine = start.Span.IndexOf((byte)'\n') + 1;
        var identity = start.Span[..Math.Min(firstLine == 0 ? start.Length : firstLine, FileGeneration.Identity)];
        if (!_beginnings.Add(Origin.OfGeneration(identity)))
        {
            await uploader.FinishAsync(isInterrupted: false);
        }
    }

    private int Summarise(TimeSpan elapsed)
    {
        var (stored, bad) = (_totals.Stored, _files.Sum(file => file.ParseErrors));
        screen.Say($"Stored {Numbers.Count(stored, "record")} in {Numbers.Duration(elapsed)}{Where()}{Rate(elapsed)}.");
        IngestTable.Write(screen, _files);
        if (_storedBefore > 0 || _totals.Duplicates > 0)
        {
            var before = _storedBefore > 0 ? Numbers.Size(_storedBefore) : Numbers.Count(_totals.Duplicates, "record");
            screen.Say($"  {before} had been stored before and came not again (--again stores everything once more)");
        }

        TellInferred();
        if (bad > 0)
        {
            var what = $"{Numbers.Count(bad, "line")} could not be read and {(bad == 1 ? "is" : "are")} stored plain";
            screen.Say($"  {what}: bitacora search 'parse_error:*'{Range()}");
        }

        if (_totals.Times is { } times)
        {
            screen.Say($"  from {Told(times.First)} to {Told(times.Last)}");
            screen.Say($"  see them:  bitacora search{Source()}{Range()}");
        }

        if (IsUnaccounted())
        {
            return ExitCode.Failed;
        }

        return _failed > 0 ? ExitCode.Failed : bad > 0 || _hasUnfinishedLine ? ExitCode.Partial : ExitCode.Done;
    }

    /// <summary>Every line is a record, a part of one, or empty, and every record was acknowledged: else something was lost.</summary>
    private bool IsUnaccounted()
    {
        foreach (var file in _files.Where(file => !file.IsAccountedFor))
        {
            screen.Complain(
                $"{file.Name}: {file.Lines} lines are not {file.Records} records + {file.Joined} joined + {file.Empty} empty.",
                "This is a fault of Bitácora itself.");
        }

        var (read, taken) = (_files.Sum(file => file.Records), _totals.Stored + _totals.Duplicates);
        if (read != taken)
        {
            screen.Complain($"{read} records were read and {taken} acknowledged.", "This is a fault of Bitácora itself.");
        }

        return _files.Any(file => !file.IsAccountedFor) || read != taken;
    }

    private void TellInferred()
    {
        var told = new List<string>();
        if (_inferred.HasFlag(Inferred.Zone) && !options.IsZoneGiven)
        {
            told.Add($"times without a zone are {options.Zone.Id}'s (--tz)");
        }

        if (_inferred.HasFlag(Inferred.Year) && options.Year is null)
        {
            told.Add("years come from the files' times (--year)");
        }

        if (_inferred.HasFlag(Inferred.Date))
        {
            told.Add("dates come from the files' times");
        }

        if (told.Count > 0)
        {
            screen.Say($"  {string.Join("; ", told)}");
        }
    }

    private void TellHowFar(string how)
    {
        var stored = _totals.Stored;
        screen.Say($"{how}: {Numbers.Count(stored, "record")} of this run {(stored == 1 ? "is" : "are")} stored and acknowledged.");
        if (!paths.Contains(InputFile.StandardInput) && !options.Again)
        {
            screen.Say("  The same command goes on behind them.");
        }
    }

    private string Rate(TimeSpan elapsed)
    {
        var seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        var (records, bytes) = (_files.Sum(file => file.Records), _files.Sum(file => file.Bytes));
        return records == 0 ? ""
            : $": {Numbers.Count((long)(records / seconds), "record")} and {Numbers.Size((long)(bytes / seconds))} a second";
    }

    private string Told(long time) => LocalTime.Short(RecordTime.ToDateTimeOffset(time), screen.Zone);

    private string Where() => paths is [var only]
        ? only == InputFile.StandardInput ? " from standard input" : $" of {Path.GetFileName(only)}"
        : $" of {paths.Count} files";

    // Only where all records certainly bear it.
    private string Source() => options.Source is { } source ? $" 'source:\"{Quoted(source)}\"'" : "";

    private static string Quoted(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("'", "'\\''", StringComparison.Ordinal);

    // Whole seconds outwards: easy to read, and nothing at the edges is missed.
    private string Range()
    {
        if (_totals.Times is not { } times)
        {
            return "";
        }

        var first = times.First - Remainder(times.First);
        var last = times.Last - Remainder(times.Last) + RecordTime.Second;
        return $" --from {Short(first)} --to {Short(last)}";
    }

    private static long Remainder(long time) => ((time % RecordTime.Second) + RecordTime.Second) % RecordTime.Second;

    private static string Short(long time) =>
        RecordTime.ToDateTimeOffset(time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static long SizeOf(string path) => path != InputFile.StandardInput && File.Exists(path) ? new FileInfo(path).Length : 0;
}
