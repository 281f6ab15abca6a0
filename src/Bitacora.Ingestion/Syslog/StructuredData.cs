using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Syslog;

/// <summary>
/// The structured data of RFC 5424, section 6.3: <c>[id name="value" …][id …]</c> without blanks between them, or a dash. A value is the
/// attribute <c>id.name</c>; an element without values is true.
/// </summary>
internal sealed class StructuredData
{
    private readonly TextBuffer _name = new();
    private readonly TextBuffer _value = new();

    /// <summary>Takes all elements. False where the cursor then stands nothing fits; a blank or the end must follow.</summary>
    public bool TryTake(ref ByteCursor text, RecordWriter record)
    {
        if (!text.TryTake((byte)'-'))
        {
            do
            {
                if (!TryTakeElement(ref text, record))
                {
                    return false;
                }
            }
            while (text.Next == '[');
        }

        return text.IsAtEnd || text.Next == ' ';
    }

    private bool TryTakeElement(ref ByteCursor text, RecordWriter record)
    {
        if (!text.TryTake((byte)'['))
        {
            return false;
        }

        var id = TakeName(ref text);
        if (id.IsEmpty)
        {
            return false;
        }

        if (text.TryTake((byte)']'))
        {
            record.AddAttribute(id, true);
            return true;
        }

        while (text.TryTake((byte)' '))
        {
            var name = TakeName(ref text);
            if (name.IsEmpty || !text.TryTake((byte)'=') || !text.TryTakeQuoted(out var value, out var isEscaped))
            {
                return false;
            }

            _name.Clear();
            _name.Append(id);
            _name.Append("."u8);
            _name.Append(name);
            record.AddAttribute(_name.Written, isEscaped ? Unescape(value) : value);
        }

        return text.TryTake((byte)']');
    }

    /// <summary>A name has no blank, equals sign, bracket or quote.</summary>
    private static ReadOnlySpan<byte> TakeName(scoped ref ByteCursor text)
    {
        var rest = text.Rest;
        var length = rest.IndexOfAny(" =]\""u8);
        return text.Take(length < 0 ? rest.Length : length);
    }

    /// <summary>Only a quote, a backslash and a bracket can be escaped; before anything else a backslash is one.</summary>
    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> value)
    {
        _value.Clear();
        var target = _value.Reserve(value.Length);
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is (byte)'"' or (byte)'\\' or (byte)']')
            {
                i++;
            }

            target[length++] = value[i];
        }

        return target[..length];
    }
}
