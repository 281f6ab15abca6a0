using System.Globalization;
using Bitacora.Query;

namespace Bitacora.Storage;

/// <summary>The note about a term whose field no record in range has, the same from every store.</summary>
public static class UnknownFieldNote
{
    /// <summary>The note's stable name.</summary>
    public const string Code = "unknown-field";

    /// <summary>Makes the note.</summary>
    /// <param name="term">The term.</param>
    /// <param name="texts">Records in range that hold the term as text; null where that was not counted.</param>
    public static QueryNote Of(AttributeTerm term, long? texts)
    {
        ArgumentNullException.ThrowIfNull(term);
        var hint = texts switch
        {
            null => "",
            0 => " No record holds it as text either.",
            _ => string.Create(
                CultureInfo.InvariantCulture, $" {texts} {(texts == 1 ? "record holds" : "records hold")} it as text: quote it."),
        };
        return new QueryNote(Code, $"No record in range has a field '{term.Name}', which '{term.Text}' asks for.{hint}", term.Repair);
    }
}
