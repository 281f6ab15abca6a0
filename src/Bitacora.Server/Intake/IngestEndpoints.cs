using System.Globalization;
using Bitacora.Ingestion;
using Bitacora.Records;
using Bitacora.Server.Answers;
using Bitacora.Server.Hosting;
using Bitacora.Server.Security;
using Bitacora.Server.Senders;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Intake;

/// <summary>Where records come in.</summary>
internal sealed class IngestEndpoints(
    StorageNode node, ServerState state, ServerOptions options, InFlightBudget budget, SenderBook senders, RefusedCallers refused,
    LineIntake jsonLines, LineIntake clef, LineIntake seqEvents, TimeProvider clock)
{
    public const string BatchMediaType = "application/vnd.bitacora.batch";
    public const string ClefMediaType = "application/vnd.serilog.clef";

    /// <summary>Far enough from the last position, 2^60 − 1, for the longest body.</summary>
    private const ulong MaxFirstPosition = 1UL << 59;

    private const string OriginHeader = "Bitacora-Origin";
    private const string PositionHeader = "Bitacora-Position";

    /// <summary>Media types that cannot hold lines of text; everything else is taken for lines, for senders name them as they
    /// like.</summary>
    private static readonly string[] NoLines =
    [
        "multipart/", "image/", "audio/", "video/", "font/", "application/x-protobuf", "application/protobuf",
        "application/grpc", "application/msgpack", "application/zip", "application/gzip", "application/pdf",
    ];

    public async Task LogsAsync(HttpContext http)
    {
        RefuseWhenStopping();
        var type = MediaType(http.Request);
        if (type == BatchMediaType)
        {
            await BatchAsync(http);
            return;
        }

        if (NoLines.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal)))
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status415UnsupportedMediaType, ProblemCode.UnsupportedMediaType,
                $"Send JSON lines (application/x-ndjson), CLEF ({ClefMediaType}) or a record batch ({BatchMediaType})."));
        }

        var report = type == ClefMediaType
            ? await LinesAsync(http, clef, BodyShape.Lines)
            : await LinesAsync(http, jsonLines, BodyShape.LinesOrDocument);
        await JsonAnswer.WriteAsync(http, report.Write);
    }

    /// <summary>Seq's path for CLEF, whatever its clients call it.</summary>
    public Task ClefAsync(HttpContext http) => SeqAsync(http, clef, BodyShape.Lines);

    /// <summary>Seq's older path: raw events, or CLEF where the query or the type says so.</summary>
    public Task RawAsync(HttpContext http) => http.Request.Query.ContainsKey("clef") || MediaType(http.Request) == ClefMediaType
        ? SeqAsync(http, clef, BodyShape.Lines)
        : SeqAsync(http, seqEvents, BodyShape.SeqEvents);

    /// <summary>Answers as Seq's clients expect.</summary>
    private async Task SeqAsync(HttpContext http, LineIntake intake, BodyShape shape)
    {
        RefuseWhenStopping();
        var report = await LinesAsync(http, intake, shape);
        await JsonAnswer.WriteAsync(
            http,
            json =>
            {
                json.WriteNull("MinimumLevelAccepted"u8);
                report.Write(json);
            },
            StatusCodes.Status201Created);
    }

    private async Task<IntakeReport> LinesAsync(HttpContext http, LineIntake intake, BodyShape shape)
    {
        IntakeReport? report = null;
        try
        {
            var origin = OriginOf(http);
            using var body = await BodyWindow.OpenAsync(http.Request, options.BodyBytes, budget, options.HoldFor, http.RequestAborted);
            report = await intake.TakeAsync(body, origin, shape, http.RequestAborted);
            return report.NothingRead() is { } nothing ? throw new ProblemException(nothing) : report;
        }
        finally
        {
            // Also of a sender that gets no further: it is in trouble then, and says so.
            senders.Saw(http, report?.Accepted ?? 0, report?.Rejected ?? 0);
        }
    }

    private async Task BatchAsync(HttpContext http)
    {
        using var body = await BodyWindow.OpenAsync(http.Request, RecordBatch.MaxBytes, budget, options.HoldFor, http.RequestAborted);
        while (await body.FillAsync(RecordBatch.MaxBytes, http.RequestAborted))
        {
        }

        var batch = Read(body.Unread);
        RefuseForeign(http, batch);
        var now = clock.GetUtcNow();
        if (batch.MaxTime > RecordTime.From(now + options.Records.FutureTolerance))
        {
            node.Pipeline.Counters.CountRejected(batch.Count);
            throw new ProblemException(new Problem(
                StatusCodes.Status409Conflict, ProblemCode.BatchFromFuture,
                "The batch holds a time too far ahead of this server's clock; shift those records by the difference and freeze anew.")
            {
                Members = [new("server_time", RecordTime.Format(RecordTime.From(now))), new("latest", RecordTime.Format(batch.MaxTime))],
            });
        }

        var report = new IntakeReport();
        try
        {
            report.Add(await node.AcceptAsync(batch, http.RequestAborted));
        }
        finally
        {
            senders.Saw(http, report.Accepted, report.Rejected);
        }

        await JsonAnswer.WriteAsync(http, report.Write);
    }

    /// <summary>A batch frozen under a sender id is of whoever has the key of it; under none it is of anybody.</summary>
    private void RefuseForeign(HttpContext http, RecordBatch batch)
    {
        if (batch.Sender != SenderId.None && batch.Sender != Caller.Of(http).Sender)
        {
            refused.Add(http, RefusalReason.ForeignSender, KeyScope.Ingest, Caller.Of(http).Key);
            throw new ProblemException(new Problem(
                StatusCodes.Status403Forbidden, ProblemCode.ForeignSender,
                "The batch has the sender id of another key than the one shown."));
        }
    }

    private static RecordBatch Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            // A copy: the batch outlives the window.
            return RecordBatch.Read(bytes.ToArray());
        }
        catch (RecordFormatException e)
        {
            throw new ProblemException(new Problem(StatusCodes.Status400BadRequest, ProblemCode.BadBatch, e.Message));
        }
    }

    private void RefuseWhenStopping()
    {
        if (state.Stopping.IsCancellationRequested)
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status503ServiceUnavailable, ProblemCode.Stopping,
                    "The server is stopping; send again when it is back.")
            { RetryAfter = 2 });
        }
    }

    private static LineOrigin? OriginOf(HttpContext http)
    {
        var request = http.Request;
        var position = request.Headers[PositionHeader].ToString();
        if (request.Headers[OriginHeader].ToString() is not { Length: > 0 } text)
        {
            return position.Length == 0 ? null : throw Bad(PositionHeader, $"given with {OriginHeader} only");
        }

        if (!Origin.TryParse(text, out var origin))
        {
            throw Bad(OriginHeader, "32 hexadecimal digits");
        }

        ulong first = 0;
        return position.Length == 0 ||
            (ulong.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out first) && first <= MaxFirstPosition)
            ? new LineOrigin(Caller.Of(http).Sender, origin, first)
            : throw Bad(PositionHeader, "a number of at most 2^59: the first line's");
    }

    private static ProblemException Bad(string header, string allowed) => new(new Problem(
        StatusCodes.Status400BadRequest, ProblemCode.BadParameter, $"The header {header} must be {allowed}.")
    {
        Members = [new("parameter", header)],
    });

    private static string MediaType(HttpRequest request) =>
        (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
