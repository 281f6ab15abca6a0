using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bitacora.Server.Answers;

/// <summary>How JSON is written in answers.</summary>
internal static class JsonAnswers
{
    /// <summary>
    /// Accents and quotes as themselves: answers are UTF-8 and never part of a page's markup. Control characters are always escaped. The
    /// writer's own checks are for its authors; they cost time a row.
    /// </summary>
    public static JsonWriterOptions Options { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true
    };
}
