using System.Text;

namespace Bitacora.Records;

/// <summary>Names of <see cref="NamedField"/> in queries, JSON and CQL.</summary>
public static class NamedFields
{
    private static readonly string[] Names =
    [
        "source", "logger", "host", "request_id", "user_id", "session_id", "trace_id", "span_id", "message", "traceback", "template",
    ];

    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The number of named text fields.</summary>
    public const int Count = 11;

    /// <summary>How many of them are short: those below <see cref="NamedField.Message"/>.</summary>
    public const int ShortCount = 8;

    /// <summary>The field's name, such as <c>request_id</c>.</summary>
    public static string Name(NamedField field) => Names[(int)field];

    /// <summary>The field's name in UTF-8.</summary>
    public static ReadOnlySpan<byte> Utf8Name(NamedField field) => Utf8Names[(int)field];

    /// <summary>Finds the field of that name (case-sensitive).</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out NamedField field)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i]))
            {
                field = (NamedField)i;
                return true;
            }
        }

        field = default;
        return false;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out NamedField)"/>
    public static bool TryParse(ReadOnlySpan<byte> name, out NamedField field)
    {
        for (var i = 0; i < Utf8Names.Length; i++)
        {
            if (name.SequenceEqual(Utf8Names[i]))
            {
                field = (NamedField)i;
                return true;
            }
        }

        field = default;
        return false;
    }
}
