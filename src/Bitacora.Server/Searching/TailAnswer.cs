using System.IO.Pipelines;
using System.Text.Json;
using Bitacora.Query;
using Bitacora.Server.Answers;
using Bitacora.Server.Security;
using Bitacora.Storage;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Searching;

/// <summary>The live view as server-sent events: <c>record</c>, <c>gap</c>, and comments that keep the connection alive.</summary>
internal sealed class TailAnswer(ILogStore store, ServerOptions options, Admission admission, TimeProvider clock)
{
    /// <summary>Below the 30 s after which proxies give up an idle connection.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private int _open;

    /// <summary>Tails that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    public async Task WriteAsync(HttpContext http, SearchParameters parameters, CancellationToken stopping)
    {
        var query = QueryParser.Parse(parameters.Query, parameters.Context(clock));
        if (query.Aggregate is not null || query.Sort.Count > 0 || query.Limit is not null)
        {
            throw BadQuery("A tail has no end, so it cannot count, sort or limit; only the stage 'fields' is possible.");
        }

        if (HasTimeTerm(parameters))
        {
            throw BadQuery("A tail goes on as time does, so its query has no terms on time; where it begins is said with from or last.");
        }

        if (Interlocked.Increment(ref _open) > options.ConcurrentTails)
        {
            Interlocked.Decrement(ref _open);
            throw new ProblemException(new Problem(
                StatusCodes.Status429TooManyRequests, ProblemCode.TooManyTails,
                $"{options.ConcurrentTails} tails are open, as many as may be (query:tails).")
            { RetryAfter = 1 });
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        var caller = Caller.Of(http);
        void EndIfRevoked()
        {
            try
            {
                if (!admission.StillAdmits(caller))
                {
                    // Not here: this is the thread that reads keys.
                    _ = ends.CancelAsync();
                }
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself.
            }
        }

        admission.Ring.Changed += EndIfRevoked;
        try
        {
            EndIfRevoked();
            await StreamAsync(http.Response, query, parameters.From is null && parameters.Last is null ? null : query.Range.From,
                ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The reader is gone or may read no more, or the server stops: a tail has no other end.
        }
        finally
        {
            admission.Ring.Changed -= EndIfRevoked;
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>Terms on time have left the filter for the range; in one without bounds they are found.</summary>
    private bool HasTimeTerm(SearchParameters parameters)
    {
        var everything = new QueryContext { Now = clock.GetUtcNow(), FromTicks = long.MinValue, ToTicks = long.MaxValue };
        return QueryParser.Parse(parameters.Query, everything).Range != new TimeRange(long.MinValue, long.MaxValue);
    }

    private static ProblemException BadQuery(string detail) =>
        new(new Problem(StatusCodes.Status400BadRequest, ProblemCode.BadParameter, detail) { Members = [new("parameter", "q")] });

    private async Task StreamAsync(HttpResponse response, LogQuery query, long? from, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        var output = response.BodyWriter;
        output.WriteComment("open"u8);
        await output.FlushAsync(cancellationToken);

        using var json = new Utf8JsonWriter(output, JsonAnswers.Options);
        var columns = query.Fields?.Select(FieldReference.Parse).ToArray();
        var tail = store.TailAsync(query, new TailOptions { From = from }, cancellationToken);
        await using var parts = tail.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(parts, output, cancellationToken))
        {
            switch (parts.Current)
            {
                case AnswerRecord row:
                    output.BeginEvent("record"u8);
                    RowWriter.Write(json, row.Record, columns);
                    break;
                case AnswerGap gap:
                    output.BeginEvent("gap"u8);
                    json.WriteStartObject();
                    json.WriteNumber("records"u8, gap.Records);
                    json.WriteEndObject();
                    break;
                default:
                    continue;
            }

            json.Flush();
            json.Reset();
            output.EndEvent();
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<AnswerPart> parts, PipeWriter output, CancellationToken cancellationToken)
    {
        var next = parts.MoveNextAsync();
        if (next.IsCompleted)
        {
            // A crowd of records is flushed together, but never gathered without bound.
            if (output.UnflushedBytes > 32 << 10)
            {
                await output.FlushAsync(cancellationToken);
            }

            return await next;
        }

        await output.FlushAsync(cancellationToken);
        var task = next.AsTask();
        while (true)
        {
            try
            {
                // The store ends this when the tail is cancelled; nobody may leave while it runs, for an iterator that runs cannot be
                // disposed.
                return await task.WaitAsync(KeepAlive, clock, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                output.WriteComment("keep-alive"u8);
                await output.FlushAsync(cancellationToken);
            }
        }
    }
}
