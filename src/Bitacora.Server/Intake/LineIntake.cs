using Bitacora.Delivery;
using Bitacora.Ingestion;
using Bitacora.Records;
using Bitacora.Server.Answers;
using Bitacora.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Intake;

/// <summary>Takes a body of lines: piece by piece parsed, and given to the pipeline while the next piece is read.</summary>
internal sealed class LineIntake(StorageNode node, ParserPool parsers, int documentBytes)
{
    /// <summary>
    /// A piece ends at the last line end in so many bytes; a line that is longer makes it grow. One byte less than the window, or that
    /// would double for it.
    /// </summary>
    private const int ChunkBytes = BodyWindow.UsualWindow - 1;

    /// <summary>The longest line; one byte less than the window's size, so that the window need not double for it.</summary>
    public const int MaxLineBytes = (4 << 20) - 2;

    /// <summary>Reads the body to its end. Whatever ends it early says what had been taken until then.</summary>
    /// <param name="body">The body.</param>
    /// <param name="origin">Who numbers the lines; null: the server does.</param>
    /// <param name="shape">How records stand in it.</param>
    /// <param name="cancellationToken">The sender is gone.</param>
    public async Task<IntakeReport> TakeAsync(
        BodyWindow body, LineOrigin? origin, BodyShape shape, CancellationToken cancellationToken)
    {
        var report = new IntakeReport();
        var numbers = new LineNumbers(origin, node.Pipeline);
        Task<AcceptResult>? last = null;
        try
        {
            await FillAsync(body, ChunkBytes, cancellationToken);
            var isUnclosed = false;
            if (shape == BodyShape.LinesOrDocument && DocumentLines.IsDocument(body.Unread.Span, body.Ended))
            {
                await ReadWholeAsync(body, cancellationToken);
                if (!DocumentLines.MakeLines(body.UnreadSpan, out isUnclosed))
                {
                    body.Advance(body.Unread.Length);
                }
            }

            var events = shape == BodyShape.SeqEvents ? await ReadEventsAsync(body, cancellationToken) : default;
            while ((events.IsEmpty ? await NextChunkAsync(body, numbers, report, cancellationToken) : events) is { Length: > 0 } chunk)
            {
                var batches = Parse(chunk, numbers, report);
                body.Advance(events.IsEmpty ? chunk.Length : 0);
                events = default;
                foreach (var batch in batches)
                {
                    if (last is not null)
                    {
                        report.Add(await last);
                    }

                    last = node.AcceptAsync(batch, cancellationToken);
                }
            }

            if (isUnclosed)
            {
                node.Pipeline.Counters.CountRejected(1);
                report.Reject(1, [new LineError(1, "the array ends without its closing bracket")], report.Lines);
            }

            if (last is not null)
            {
                report.Add(await last);
            }

            return report;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await SettleAsync(last, report);
            throw Early(e, report);
        }
    }

    /// <summary>What was given to the pipeline before the fault has its own fate, and its sender is told.</summary>
    private static async Task SettleAsync(Task<AcceptResult>? last, IntakeReport report)
    {
        if (last is { IsFaulted: false })
        {
            await ((Task)last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (last.IsCompletedSuccessfully)
            {
                report.Add(await last);
            }
        }
    }

    private static Exception Early(Exception e, IntakeReport report) => e switch
    {
        ProblemException known => new ProblemException(report.In(known.Problem)),
        PipelineFullException => new ProblemException(report.In(Problem.Overloaded(e.Message))),
        NotYetStoredException => new ProblemException(report.In(Problem.NotYetStored(e.Message))),
        WalUnavailableException => new ProblemException(report.In(
            new Problem(StatusCodes.Status503ServiceUnavailable, ProblemCode.WriteFailed, e.Message) { RetryAfter = 1 })),
        BadHttpRequestException bad => new ProblemException(report.In(new Problem(bad.StatusCode, ProblemCode.BodyIncomplete, e.Message))),
        _ => e,
    };

    private static async ValueTask FillAsync(BodyWindow body, int bytes, CancellationToken cancellationToken)
    {
        while (await body.FillAsync(bytes, cancellationToken))
        {
        }
    }

    private async ValueTask ReadWholeAsync(BodyWindow body, CancellationToken cancellationToken)
    {
        // One byte less, or the window would double for it.
        await FillAsync(body, documentBytes - 1, cancellationToken);
        if (!body.Ended)
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status413PayloadTooLarge, ProblemCode.BodyTooLarge,
                $"A body that is not a record a line has fewer than {documentBytes} bytes (ingest:document); send a record a line."));
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadEventsAsync(BodyWindow body, CancellationToken cancellationToken)
    {
        await ReadWholeAsync(body, cancellationToken);
        var lines = SeqEvents.ToLines(body.Unread.Span) ?? throw new ProblemException(new Problem(
            StatusCodes.Status400BadRequest, ProblemCode.NoLineRead,
            "The body is no JSON object with an array 'Events'; CLEF goes to /ingest/clef, or here with ?clef."));
        body.Advance(body.Unread.Length);
        return lines;
    }

    /// <summary>Whole lines that are unread; empty at the end of the body.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> NextChunkAsync(
        BodyWindow body, LineNumbers numbers, IntakeReport report, CancellationToken cancellationToken)
    {
        await FillAsync(body, ChunkBytes, cancellationToken);
        while (true)
        {
            if (body.Ended)
            {
                return body.Unread;
            }

            var end = body.Unread.Span.LastIndexOf((byte)'\n');
            if (end >= 0)
            {
                return body.Unread[..(end + 1)];
            }

            if (!await body.FillAsync(MaxLineBytes + 1, cancellationToken) && !body.Ended)
            {
                numbers.Skip(await SkipLineAsync(body, report, cancellationToken));
            }
        }
    }

    /// <summary>A line that the window cannot hold: it is refused, counted and passed over without being kept.</summary>
    private async ValueTask<long> SkipLineAsync(BodyWindow body, IntakeReport report, CancellationToken cancellationToken)
    {
        node.Pipeline.Counters.CountRejected(1);
        report.Reject(1, [new LineError(1, $"the line has more than {MaxLineBytes} bytes")], report.Lines);
        report.Lines++;
        long skipped = 0;
        int end;
        while ((end = body.Unread.Span.IndexOf((byte)'\n')) < 0)
        {
            skipped += body.Unread.Length;
            body.Advance(body.Unread.Length);
            if (!await body.FillAsync(ChunkBytes, cancellationToken))
            {
                return skipped;
            }
        }

        body.Advance(end + 1);
        return skipped + end + 1;
    }

    private RecordBatch[] Parse(ReadOnlyMemory<byte> chunk, LineNumbers numbers, IntakeReport report)
    {
        var parser = parsers.Rent();
        try
        {
            parser.Parse(chunk, numbers.Of(chunk.Span));
            numbers.Reached(parser.Position);
            if (parser.Rejected > 0)
            {
                node.Pipeline.Counters.CountRejected((int)parser.Rejected);
                report.Reject(parser.Rejected, parser.Errors, report.Lines);
            }

            report.Lines += parser.Lines;
            return [.. parser.Batches];
        }
        finally
        {
            parsers.Return(parser, chunk.Length);
        }
    }
}
