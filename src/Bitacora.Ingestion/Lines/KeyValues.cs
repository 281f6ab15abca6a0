namespace Bitacora.Ingestion.Lines;

/// <summary>
/// The pairs of a text such as <c>time=… msg="a \"b\"" user=7 done</c>: names without blanks, quotes or <c>=</c>; values bare up to a
/// blank, or in quotes with backslashes; a name alone has no value. What fits nowhere is stepped over word by word and said by
/// <see cref="IsClean"/>.
/// </summary>
internal ref struct KeyValues(ReadOnlySpan<byte> text)
{
    private ByteCursor _text = new(text);

    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>The value as it is written, without its quotes.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The name stood alone.</summary>
    public bool IsBare { get; private set; }

    public bool IsQuoted { get; private set; }

    /// <summary>The value has backslashes: <see cref="Unescape"/> gives what they mean.</summary>
    public bool IsEscaped { get; private set; }

    /// <summary>Everything so far was a pair or a name alone.</summary>
    public bool IsClean { get; private set; } = true;

    public bool MoveNext()
    {
        while (true)
        {
            _text.SkipBlanks();
            if (_text.IsAtEnd)
            {
                return false;
            }

            var rest = _text.Rest;
            var length = rest.IndexOfAny(" \t=\""u8);
            length = length < 0 ? rest.Length : length;
            if (length > 0 && (length == rest.Length || rest[length] != '"'))
            {
                Key = _text.Take(length);
                IsQuoted = IsEscaped = false;
                Value = default;
                IsBare = !_text.TryTake((byte)'=');
                return IsBare || TakeValue();
            }

            IsClean = false;
            _text.At += Math.Max(1, length);
        }
    }

    /// <summary>Writes what a quoted value means: <c>\n</c>, <c>\t</c>, <c>\r</c>, and any other byte behind a backslash itself.</summary>
    /// <returns>The length; never longer than the value.</returns>
    public static int Unescape(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var next = value[i];
            if (next == '\\' && i + 1 < value.Length)
            {
                next = Meaning(value[++i]);
            }

            target[length++] = next;
        }

        return length;
    }

    /// <summary>What a byte behind a backslash means.</summary>
    public static byte Meaning(byte escaped) => escaped switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        var other => other,
    };

    private bool TakeValue()
    {
        IsQuoted = _text.TryTakeQuoted(out var inside, out var isEscaped);
        IsEscaped = isEscaped;
        Value = IsQuoted ? inside : _text.TakeWord();
        return true;
    }
}
