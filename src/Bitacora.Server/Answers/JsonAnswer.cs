using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Answers;

/// <summary>Answers with one JSON object, written by hand.</summary>
internal static class JsonAnswer
{
    public static async Task WriteAsync(HttpContext http, Action<Utf8JsonWriter> members, int status = StatusCodes.Status200OK)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        using (var json = new Utf8JsonWriter(response.BodyWriter, JsonAnswers.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
