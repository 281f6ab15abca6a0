using System.Text.Json;
using Bitacora.Server.Answers;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Searching;

/// <summary>Where searches are asked: as a query string, a form or a JSON object, all with the same names.</summary>
internal sealed class SearchEndpoints(SearchAnswer search, TailAnswer tail, CancellationToken stopping)
{
    /// <summary>A query has at most 16 KiB, escaped three times that.</summary>
    private const int MaxBody = 64 << 10;

    public Task GetAsync(HttpContext http) => search.WriteAsync(http, SearchParameters.Read(SearchParameters.Of(http.Request.Query)));

    public async Task PostAsync(HttpContext http)
    {
        var given = SearchParameters.Of(http.Request.Query).Concat(await BodyAsync(http)).ToArray();
        if (given.CountBy(parameter => parameter.Key).FirstOrDefault(count => count.Value > 1) is { Key: not null } twice)
        {
            throw Bad($"The parameter '{twice.Key}' is given in the path and in the body.");
        }

        await search.WriteAsync(http, SearchParameters.Read(given));
    }

    public Task TailAsync(HttpContext http) =>
        tail.WriteAsync(http, SearchParameters.Read(SearchParameters.Of(http.Request.Query)), stopping);

    private static async Task<IEnumerable<KeyValuePair<string, string>>> BodyAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.ContentLength > MaxBody)
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status413PayloadTooLarge, ProblemCode.BodyTooLarge, $"A search has at most {MaxBody} bytes."));
        }

        if (request.HasFormContentType)
        {
            var limits = new Microsoft.AspNetCore.Http.Features.FormOptions
            {
                BufferBody = false,
                ValueCountLimit = 32,
                KeyLengthLimit = 64,
                ValueLengthLimit = MaxBody,
                BufferBodyLengthLimit = MaxBody,
            };
            return await ReadFormAsync(request, limits, http.RequestAborted);
        }

        if (request.HasJsonContentType())
        {
            return await ReadJsonAsync(request, http.RequestAborted);
        }

        return request.ContentLength is null or 0 && request.ContentType is null
            ? []
            : throw new ProblemException(new Problem(
                StatusCodes.Status415UnsupportedMediaType, ProblemCode.UnsupportedMediaType,
                "A search is posted as application/x-www-form-urlencoded or application/json."));
    }

    private static async Task<IEnumerable<KeyValuePair<string, string>>> ReadFormAsync(
        HttpRequest request, Microsoft.AspNetCore.Http.Features.FormOptions limits, CancellationToken cancellationToken)
    {
        try
        {
            return SearchParameters.Of(await request.ReadFormAsync(limits, cancellationToken));
        }
        catch (InvalidDataException e)
        {
            throw Bad(e.Message);
        }
    }

    private static async Task<IEnumerable<KeyValuePair<string, string>>> ReadJsonAsync(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var read = await request.BodyReader.ReadAtLeastAsync(MaxBody + 1, cancellationToken);
        try
        {
            if (read.Buffer.Length > MaxBody)
            {
                throw new ProblemException(new Problem(
                    StatusCodes.Status413PayloadTooLarge, ProblemCode.BodyTooLarge, $"A search has at most {MaxBody} bytes."));
            }

            using var document = JsonDocument.Parse(read.Buffer,
                new JsonDocumentOptions { MaxDepth = 2, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Select(Parameter)]
                : throw Bad("The body must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw Bad($"The body is no JSON object of texts, numbers and truth values: {e.Message}");
        }
        finally
        {
            request.BodyReader.AdvanceTo(read.Buffer.End);
        }
    }

    private static KeyValuePair<string, string> Parameter(JsonProperty member) => new(member.Name, member.Value.ValueKind switch
    {
        JsonValueKind.String => member.Value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => member.Value.GetRawText(),
        JsonValueKind.Null => "",
        _ => throw Bad($"The parameter '{member.Name}' must be a text, a number or a truth value."),
    });

    private static ProblemException Bad(string detail) =>
        new(new Problem(StatusCodes.Status400BadRequest, ProblemCode.BadParameter, detail));
}
