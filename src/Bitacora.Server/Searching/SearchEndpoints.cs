using System.Buffers;
using System.Text;
using System.Text.Json;
using Bitacora.Server.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

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
        tail.WriteAsync(http, SearchParameters.ReadTail(SearchParameters.Of(http.Request.Query)), stopping);

    private static async Task<IEnumerable<KeyValuePair<string, string>>> BodyAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.ContentType is null && http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return [];
        }

        var type = (request.ContentType ?? "").Split(';')[0].Trim();
        var isForm = type.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        if (!isForm && !request.HasJsonContentType())
        {
            throw new ProblemException(new Problem(
                StatusCodes.Status415UnsupportedMediaType, ProblemCode.UnsupportedMediaType,
                "A search is posted as application/x-www-form-urlencoded or application/json."));
        }

        // Not by the framework: it bounds values, but not a body whose length nobody said.
        var body = await ReadAsync(request, http.RequestAborted);
        return isForm ? ReadForm(body) : ReadJson(body);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBody)
        {
            throw TooLarge();
        }

        var read = await request.BodyReader.ReadAtLeastAsync(MaxBody + 1, cancellationToken);
        try
        {
            return read.Buffer.Length > MaxBody ? throw TooLarge() : read.Buffer.ToArray();
        }
        finally
        {
            request.BodyReader.AdvanceTo(read.Buffer.End);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadForm(byte[] body)
    {
        try
        {
            using var form = new FormReader(Encoding.UTF8.GetString(body)) { ValueCountLimit = 32, KeyLengthLimit = 64 };
            return SearchParameters.Of(new FormCollection(form.ReadForm()));
        }
        catch (InvalidDataException e)
        {
            throw Bad(e.Message);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadJson(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 2, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Select(Parameter)]
                : throw Bad("The body must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw Bad($"The body is no JSON object of texts, numbers and truth values: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // That is how the framework says it, of a name or a value.
            throw Bad("The body has a text that is not Unicode: half of a surrogate pair, or bytes that are not UTF-8.");
        }
    }

    private static KeyValuePair<string, string> Parameter(JsonProperty member) => new(member.Name, member.Value.ValueKind switch
    {
        JsonValueKind.String => member.Value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => member.Value.GetRawText(),
        JsonValueKind.Null => "",
        _ => throw Bad($"The parameter '{member.Name}' must be a text, a number or a truth value."),
    });

    private static ProblemException TooLarge() => new(new Problem(
        StatusCodes.Status413PayloadTooLarge, ProblemCode.BodyTooLarge, $"A search has at most {MaxBody} bytes."));

    private static ProblemException Bad(string detail) =>
        new(new Problem(StatusCodes.Status400BadRequest, ProblemCode.BadParameter, detail));
}
