using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>PostgreSQL's csvlog: 23 columns, 24 since version 13, 26 since 14. Ends of lines stand in quotes as they are.</summary>
internal sealed class CsvLogDecoder(FormatContext context) : IFormatDecoder
{
    private const int LeastColumns = 23;
    private const int MostColumns = 26;

    private readonly TextBuffer _unquoted = new();

    public static LogFormat Format { get; } = new(
        "postgresql-csv",
        "PostgreSQL's csvlog",
        "2026-11-23 07:41:37.864 CET,\"postgres\",\"shop\",18881,\"[local]\",6b03e021.49c1,3,\"SELECT\",2026-11-23 07:41:37 CET,"
            + "3/8,0,ERROR,42P01,\"relation \"\"nope\"\" does not exist\",,,,,,\"select * from nope\",15,,\"psql\",\"client backend\",,0",
        static context => new CsvLogDecoder(context));

    public ReadOnlySpan<byte> Program => PostgreSqlRecord.Source;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return IsStart(line) ? LineRole.Start : LineRole.Text;
    }

    public bool GoesOn(ReadOnlySpan<byte> record, ReadOnlySpan<byte> line) => IsUnfinished(record);

    /// <summary>Every quote that opens is closed, and doubled ones are two: an odd one is open.</summary>
    public bool IsUnfinished(ReadOnlySpan<byte> record) => record.Count((byte)'"') % 2 == 1;

    public LineOutcome Decode(ReadOnlySpan<byte> text, RecordWriter record)
    {
        if (!IsStart(text))
        {
            return new LineOutcome(LineFault.NoStart, 0);
        }

        PostgreSqlRecord.Begin(record);
        var columns = new CsvColumns(text);
        var count = 0;
        for (; count < MostColumns && columns.MoveNext(); count++)
        {
            var field = (PostgreSqlField)count;
            if (field == PostgreSqlField.Time)
            {
                var time = new ByteCursor(columns.Value);
                TimeCursor.TryTakeDateTime(ref time, out var local);
                record.SetTime(TimeCursor.TakeZone(ref time, context, local));
            }
            else
            {
                PostgreSqlRecord.Write(field, columns.HasQuotes ? Unquote(columns.Value) : columns.Value, record);
            }
        }

        return count >= LeastColumns && columns.IsAtEnd
            ? LineOutcome.Accepted
            : new LineOutcome(LineFault.BadColumns, columns.At);
    }

    /// <summary>Whether a line begins as a record does, up to the session's id.</summary>
    private static bool IsStart(ReadOnlySpan<byte> line)
    {
        var cursor = new ByteCursor(line);
        if (!PrefixShapes.TryTake(PrefixStepKind.Time, ref cursor) || !cursor.TryTake((byte)','))
        {
            return false;
        }

        var columns = new CsvColumns(cursor.Rest);
        return columns.MoveNext() && IsNameOrNothing(columns) && columns.MoveNext() && IsNameOrNothing(columns)
            && columns.MoveNext() && IsAll(PrefixStepKind.Number, columns) && columns.MoveNext() && IsNameOrNothing(columns)
            && columns.MoveNext() && IsAll(PrefixStepKind.Session, columns);
    }

    private static bool IsNameOrNothing(in CsvColumns columns) => columns.IsQuoted || columns.Value.IsEmpty;

    private static bool IsAll(PrefixStepKind kind, in CsvColumns columns)
    {
        var cursor = new ByteCursor(columns.Value);
        return PrefixShapes.TryTake(kind, ref cursor) && cursor.IsAtEnd;
    }

    private ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> value)
    {
        _unquoted.Clear();
        return _unquoted.Reserve(value.Length)[..CsvColumns.Unquote(value, _unquoted.Reserve(value.Length))];
    }
}
