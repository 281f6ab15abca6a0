using Bitacora.Ingestion.JsonLines;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.PostgreSql;

/// <summary>PostgreSQL's jsonlog, of version 15 and later.</summary>
internal sealed class JsonLogDecoder(FormatContext context) : IFormatDecoder
{
    private static readonly JsonLogNames Names = new();

    private readonly TextBuffer _text = new();
    private readonly TextBuffer _name = new();

    public static LogFormat Format { get; } = new(
        "postgresql-json",
        "PostgreSQL's jsonlog",
        "{\"timestamp\":\"2026-11-23 07:41:37.864 CET\",\"user\":\"postgres\",\"dbname\":\"shop\",\"pid\":18881,"
            + "\"error_severity\":\"ERROR\",\"state_code\":\"42P01\",\"message\":\"relation \\\"nope\\\" does not exist\"}",
        static context => new JsonLogDecoder(context))
    {
        Specificity = 60,
        IsSingleLine = true,
    };

    public ReadOnlySpan<byte> Program => PostgreSqlRecord.Source;

    public LineRole Classify(ReadOnlySpan<byte> line, out long key)
    {
        key = 0;
        return JsonFormat.IsObject(line, out var first) && first.StartsWith("\"timestamp\":\""u8)
            && line.IndexOf("\"error_severity\":\""u8) >= 0 ? LineRole.Start : LineRole.Foreign;
    }

    public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
    {
        PostgreSqlRecord.Begin(record);
        var scanner = new JsonScanner(line);
        if (!scanner.TryOpenDocument())
        {
            return scanner.Outcome;
        }

        var (function, file, fileLine) = (default(JsonValue), default(JsonValue), default(JsonValue));
        var more = !scanner.TryClose((byte)'}');
        for (var place = 0; more; place++)
        {
            if (!scanner.TryReadName(out var name) || !TryReadValue(ref scanner, line, out var value)
                || !scanner.TryContinue((byte)'}', out more))
            {
                return scanner.Outcome;
            }

            if (value.Kind == JsonKind.Null)
            {
                continue;
            }

            switch (Names.Find(name.In(line), place))
            {
                case PostgreSqlField.Time:
                    var time = new ByteCursor(value.In(line));
                    if (!TimeCursor.TryTakeDateTime(ref time, out var local))
                    {
                        return new LineOutcome(LineFault.TimeExpected, value.Start);
                    }

                    record.SetTime(TimeCursor.TakeZone(ref time, context, local));
                    break;
                case PostgreSqlField.FunctionName:
                    function = value;
                    break;
                case PostgreSqlField.FileName:
                    file = value;
                    break;
                case PostgreSqlField.FileLine:
                    fileLine = value;
                    break;
                case PostgreSqlField.Count:
                    record.AddAttribute(NameOfUnknown(name.In(line)), TextOf(value, line));
                    break;
                case var field:
                    PostgreSqlRecord.Write(field, TextOf(value, line), record);
                    break;
            }
        }

        if (!scanner.TryEndDocument())
        {
            return scanner.Outcome;
        }

        PostgreSqlRecord.Write(PostgreSqlField.Location, Location(function.In(line), file.In(line), fileLine.In(line)), record);
        return LineOutcome.Accepted;
    }

    /// <summary>A value; objects too, which PostgreSQL does not write, are stepped over whole.</summary>
    private static bool TryReadValue(ref JsonScanner scanner, ReadOnlySpan<byte> line, out JsonValue value)
    {
        if (!scanner.TryReadValue(out value))
        {
            return false;
        }

        if (value.Kind != JsonKind.Object)
        {
            return true;
        }

        var start = scanner.At = value.Start;
        if (!scanner.TrySkipContainer())
        {
            return false;
        }

        value = new JsonValue(JsonKind.Object, start, scanner.At - start, false);
        return true;
    }

    private ReadOnlySpan<byte> TextOf(JsonValue value, ReadOnlySpan<byte> line)
    {
        var text = value.In(line);
        if (!value.Escaped)
        {
            return text;
        }

        _text.Clear();
        _text.Advance(JsonText.Unescape(text, _text.Reserve(text.Length)));
        return _text.Written;
    }

    /// <summary>What a later version may say besides.</summary>
    private ReadOnlySpan<byte> NameOfUnknown(ReadOnlySpan<byte> name)
    {
        _name.Clear();
        _name.Append("postgresql."u8);
        _name.Append(name);
        return _name.Written;
    }

    /// <summary><c>function, file:line</c>, as csvlog writes it.</summary>
    private ReadOnlySpan<byte> Location(ReadOnlySpan<byte> function, ReadOnlySpan<byte> file, ReadOnlySpan<byte> line)
    {
        _text.Clear();
        _text.Append(function);
        if (!file.IsEmpty)
        {
            _text.Append(function.IsEmpty ? ""u8 : ", "u8);
            _text.Append(file);
            _text.Append(":"u8);
            _text.Append(line);
        }

        return _text.Written;
    }
}
