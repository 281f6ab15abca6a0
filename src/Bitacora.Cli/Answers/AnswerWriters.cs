using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Answers;

/// <summary>Which writer shows an answer.</summary>
internal static class AnswerWriters
{
    public static IAnswerWriter Of(OutputFormat format, Screen screen, AnswerShape shape) => format switch
    {
        OutputFormat.Json => new JsonAnswer(screen),
        OutputFormat.Csv => new CsvAnswer(screen, shape.IsRecords ? CsvAnswer.RecordColumns : shape.Columns),
        _ => shape.IsRecords ? new RecordAnswer(screen) : new ColumnAnswer(screen, shape),
    };
}
