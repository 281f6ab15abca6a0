using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Server.Searching;
using Bitacora.Storage;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Pages;

/// <summary>The page without script that searches. Its whole state is in its address, so every search is a link.</summary>
internal sealed class SearchPage(ILogStore store, ServerOptions options, TimeProvider clock)
{
    private static readonly string Style = ReadStyle();

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // Pages that wait for slow readers: a page is in memory as a whole, its records and its text.
    private readonly HeldAnswers _pages = new();

    public async Task GetAsync(HttpContext http)
    {
        var request = PageRequest.Read(http.Request.Query);
        var texts = PageTexts.For(http.Request.Headers.AcceptLanguage);
        var answer = await AnswerAsync(request, texts, http.RequestAborted);
        var response = http.Response;
        response.StatusCode = answer.End is null ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept-Language";
        using var held = _pages.Hold(2 * (answer.Records.Sum(AnswerSize.Of) + answer.Groups.Sum(AnswerSize.Of)), http.Abort);
        new PageView(new HtmlWriter(response.BodyWriter), texts, request, answer).Write(Style);
        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private async Task<PageAnswer> AnswerAsync(PageRequest request, PageTexts texts, CancellationToken cancellationToken)
    {
        if (request.WrongName is { } wrong)
        {
            return new PageAnswer
            {
                Failure = string.Format(CultureInfo.InvariantCulture, texts.WrongParameter, wrong, string.Join(", ", PageRequest.Names)),
            };
        }

        if (!SearchParameters.TryReadZone(request.ZoneId, out var zone))
        {
            return new PageAnswer { Failure = texts.ZoneError };
        }

        try
        {
            var context = request.Context(clock.GetUtcNow(), zone);
            return await AskAsync(QueryParser.Parse(request.Query, context), context, cancellationToken);
        }
        catch (QuerySyntaxException e)
        {
            return new PageAnswer { Syntax = e, Zone = zone };
        }
        catch (Exception e) when (e is CursorException or QueryBusyException)
        {
            return new PageAnswer { Failure = e.Message, Zone = zone };
        }
    }

    private async Task<PageAnswer> AskAsync(LogQuery query, QueryContext context, CancellationToken cancellationToken)
    {
        List<LogRecord> records = [];
        List<AnswerGroup> groups = [];
        AnswerEnd? end = null;
        await foreach (var part in store.QueryAsync(query, new QueryOptions { Deadline = options.QueryTimeout }, cancellationToken))
        {
            switch (part)
            {
                case AnswerRecord row:
                    records.Add(row.Record);
                    break;
                case AnswerGroup group when groups.Count < GroupView.MostShown:
                    groups.Add(group);
                    break;
                case AnswerEnd last:
                    end = await new OlderRecord(store).AddAsync(last, records.Count, query, context, cancellationToken);
                    break;
            }
        }

        return new PageAnswer { Records = records, Groups = groups, End = end, Query = query, Zone = query.Zone };
    }

    private static string ReadStyle()
    {
        using var stream = typeof(SearchPage).Assembly.GetManifestResourceStream("page.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
