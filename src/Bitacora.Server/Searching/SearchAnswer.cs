using System.IO.Pipelines;
using System.Text.Json;
using Bitacora.Query;
using Bitacora.Server.Answers;
using Bitacora.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Searching;

/// <summary>Streams an answer as lines of JSON, rows as they are found, and ends it with a line that says how complete it is.</summary>
internal sealed class SearchAnswer(ILogStore store, ServerOptions options, TimeProvider clock, ILogger logger)
{
    public const string MediaType = "application/x-ndjson; charset=utf-8";

    private const int FlushBytes = 32 << 10;

    public async Task WriteAsync(HttpContext http, SearchParameters parameters)
    {
        var cancellationToken = http.RequestAborted;
        var context = parameters.Context(clock);
        var query = QueryParser.Parse(parameters.Query, context);
        var how = new QueryOptions { Deadline = options.QueryTimeout, Explain = parameters.Explain };
        await using var parts = store.QueryAsync(query, how, cancellationToken).GetAsyncEnumerator(cancellationToken);

        // The first part decides between an answer and a problem; afterwards only the last line can say what went wrong.
        var any = await parts.MoveNextAsync();
        http.Response.ContentType = MediaType;
        http.Response.Headers.CacheControl = "no-store";
        var output = http.Response.BodyWriter;
        using var json = new Utf8JsonWriter(output, JsonAnswers.Options);
        var columns = query.Fields?.Select(FieldReference.Parse).ToArray();
        var rows = 0;
        try
        {
            while (any)
            {
                switch (parts.Current)
                {
                    case AnswerRecord row:
                        rows++;
                        RowWriter.Write(json, row.Record, columns);
                        break;
                    case AnswerGroup group:
                        rows++;
                        RowWriter.Write(json, group);
                        break;
                    case AnswerEnd end:
                        end = await new OlderRecord(store).AddAsync(end, rows, query, context, cancellationToken);
                        AnswerEndWriter.Write(json, end, rows);
                        break;
                }

                EndLine(json, output);
                var next = parts.MoveNextAsync();
                if (output.UnflushedBytes >= FlushBytes || !next.IsCompleted)
                {
                    await output.FlushAsync(cancellationToken);
                }

                any = await next;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.SearchFailed(logger, e);
            json.Reset(output);
            var failed = Completeness.Partial("store-failed", "the store failed while it answered; the server's log says why");
            AnswerEndWriter.Write(json, new AnswerEnd(failed, null, query.Notes, query.Range, null), rows);
            EndLine(json, output);
        }

        await output.FlushAsync(cancellationToken);
    }

    private static void EndLine(Utf8JsonWriter json, PipeWriter output)
    {
        json.Flush();
        json.Reset();
        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);
    }
}
