using System.Text.Json;
using Bitacora.Query;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Answers;

/// <summary>Why a request was refused: problem details as in RFC 9457, with a stable code.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">One of <see cref="ProblemCode"/>.</param>
/// <param name="Detail">What happened and what to do, for people.</param>
internal sealed record Problem(int Status, string Code, string Detail)
{
    public const string MediaType = "application/problem+json";

    /// <summary>Further members: long, int, string or null.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Members { get; init; } = [];

    /// <summary>Writes members that are more than a value.</summary>
    public Action<Utf8JsonWriter>? Further { get; init; }

    /// <summary>Seconds after which to try again; 0 says nothing.</summary>
    public int RetryAfter { get; init; }

    public static Problem Of(QuerySyntaxException e) => new(StatusCodes.Status400BadRequest, ProblemCode.QuerySyntax, e.Message)
    {
        Members =
        [
            new("parameter", e.Parameter ?? "q"), new("position", e.Position), new("found", e.Found), new("problem", e.Problem),
            .. e.Repair is null ? Array.Empty<KeyValuePair<string, object?>>() : [new("repair", e.Repair)],
        ],
    };

    public static Problem NotYetStored(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCode.NotYetStored, detail) { RetryAfter = 1 };

    public static Problem Overloaded(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, ProblemCode.Overloaded, detail) { RetryAfter = 1 };

    /// <summary>Writes it as the whole answer; nothing where an answer has begun, or the client is gone.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = Status;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter > 0)
        {
            response.Headers.RetryAfter = RetryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        WriteJson(context);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void WriteJson(HttpContext context)
    {
        using var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonAnswers.Options);
        json.WriteStartObject();
        json.WriteString("type"u8, "about:blank");
        json.WriteString("title"u8, Title(Status));
        json.WriteNumber("status"u8, Status);
        json.WriteString("code"u8, Code);
        json.WriteString("detail"u8, Detail);
        foreach (var (name, value) in Members)
        {
            switch (value)
            {
                case string text:
                    json.WriteString(name, text);
                    break;
                case int or long:
                    json.WriteNumber(name, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                    break;
                default:
                    json.WriteNull(name);
                    break;
            }
        }

        Further?.Invoke(json);
        json.WriteEndObject();
    }

    private static string Title(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
