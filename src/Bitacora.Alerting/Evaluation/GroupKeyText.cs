using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bitacora.Alerting.Evaluation;

/// <summary>A group's values as one text, and back: a JSON list, in which a missing value is null.</summary>
internal static class GroupKeyText
{
    /// <summary>The only group of a rule without <c>by</c>.</summary>
    public const string Whole = "[]";

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(IEnumerable<string?> values) => JsonSerializer.Serialize(values, Options);

    public static IReadOnlyList<string?> Values(string key) => JsonSerializer.Deserialize<string?[]>(key, Options)!;
}
