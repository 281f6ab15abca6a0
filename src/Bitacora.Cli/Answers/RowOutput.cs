using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Answers;

/// <summary>Rows for programs, of commands whose rows are a table for people: a JSON object a line, or CSV.</summary>
internal static class RowOutput
{
    /// <param name="screen">Where they go.</param>
    /// <param name="format">What was asked for.</param>
    /// <param name="columns">The columns of CSV; names of members.</param>
    /// <param name="rows">The rows, each a JSON object.</param>
    /// <returns>False where they are for people: nothing was written.</returns>
    public static bool TryWrite(Screen screen, OutputFormat format, IReadOnlyList<string> columns, IEnumerable<byte[]> rows)
    {
        if (format == OutputFormat.Pretty)
        {
            return false;
        }

        IAnswerWriter writer = format == OutputFormat.Json ? new JsonAnswer(screen) : new CsvAnswer(screen, columns);
        foreach (var row in rows)
        {
            writer.Write(row);
        }

        writer.End();
        return true;
    }
}
