using System.Globalization;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Literals of DuckDB's SQL. Nothing of a query reaches a statement by another way.</summary>
internal static class SqlText
{
    /// <summary>False for texts that cannot stand in a statement: NUL ends it, a lone surrogate has no UTF-8.</summary>
    public static bool CanWrite(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                return false;
            }

            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    public static string Literal(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Literal(double value) => "'" + value.ToString("R", CultureInfo.InvariantCulture) + "'::DOUBLE";

    /// <summary>A pattern of LIKE, with <c>\</c> as its escape, that matches the texts with any run between each two.</summary>
    public static string LikePattern(IEnumerable<string> segments) => string.Join(
        '%',
        segments.Select(segment => segment
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal)));
}
